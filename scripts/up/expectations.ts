export type Expectation = {
  /** The fact, in words. */
  fact: string
  held: boolean
  /** What was seen. */
  seen: string
}

export type Expectations = {
  expect(fact: string, held: boolean, seen: string): void
  all(): readonly Expectation[]
}

/** Collects what the story was meant to show and whether it did. */
export function createExpectations(): Expectations {
  const expectations: Expectation[] = []
  return {
    expect(fact, held, seen) {
      expectations.push({ fact, held, seen })
    },
    all: () => expectations,
  }
}
