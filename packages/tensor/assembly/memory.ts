/** Returns the first byte of memory that no static data takes. */
export function heapBase(): usize {
  return __heap_base
}
