/** Makes a function of one number that computes anew only when it is asked for another number than the last time. */
export function keepLast<T>(compute: (key: number) => T): (key: number) => T {
  let last: { key: number; value: T } | undefined
  return (key) => {
    if (last?.key !== key) last = { key, value: compute(key) }
    return last.value
  }
}
