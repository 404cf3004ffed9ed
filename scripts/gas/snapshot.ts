/** Operation → gas. */
export type Snapshot = Record<string, number>

/** One operation whose figure is not what the snapshot says. */
export type Change = { operation: string; before: number; after: number; percent: number }

export type Comparison = {
  /** Grew by more than is tolerated. */
  grown: Change[]
  /** Shrank, by however little. */
  shrunk: Change[]
  /** Stand in the snapshot but were not measured. */
  vanished: string[]
  /** Were measured but do not stand in the snapshot. */
  added: string[]
}

/** Largest growth of a figure that passes, in percent. */
export const TOLERANCE_PERCENT = 2

/** Compares what was measured with the committed snapshot. */
export function compareSnapshots(committed: Snapshot, measured: Snapshot): Comparison {
  const changes = Object.entries(committed).flatMap(([operation, before]) => {
    const after = measured[operation]
    return after === undefined
      ? []
      : [{ operation, before, after, percent: (after / before - 1) * 100 }]
  })
  return {
    // In integers, because 1.02 has no exact binary fraction.
    grown: changes.filter(({ before, after }) => after * 100 > before * (100 + TOLERANCE_PERCENT)),
    shrunk: changes.filter(({ before, after }) => after < before),
    vanished: Object.keys(committed).filter((operation) => measured[operation] === undefined),
    added: Object.keys(measured).filter((operation) => committed[operation] === undefined),
  }
}

/** Functions that are measured under another name. */
const measuredAs: Record<string, string> = {
  'TensorVerifier.execute': 'TensorVerifier.executeDemoModel',
  'TensorVerifier.prove': 'TensorVerifier.prove784',
}

/** Returns those of `functions` that no key of a snapshot stands for. */
export function functionsWithout(functions: string[], snapshot: Snapshot): string[] {
  return functions.filter((name) => snapshot[measuredAs[name] ?? name] === undefined)
}
