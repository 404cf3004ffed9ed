/** Element types of the format, by their number. */
const elementTypes = [
  ...['UNDEFINED', 'FLOAT', 'UINT8', 'INT8', 'UINT16', 'INT16', 'INT32', 'INT64', 'STRING', 'BOOL'],
  ...['FLOAT16', 'DOUBLE', 'UINT32', 'UINT64', 'COMPLEX64', 'COMPLEX128', 'BFLOAT16'],
]

/** Names an element type. */
export function nameOfType(type: number): string {
  return elementTypes[type] ?? `type ${type}`
}

/** Names an operator: those outside the standard carry their domain. */
export function nameOfOperator(domain: string, type: string): string {
  return domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`
}
