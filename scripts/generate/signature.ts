export type AbiParameter = {
  type: string
  name?: string
  internalType?: string
  components?: AbiParameter[]
}

export type AbiItem = {
  type: string
  name?: string
  inputs?: AbiParameter[]
  outputs?: AbiParameter[]
}

export type Abi = AbiItem[]

function toType({ type, components }: AbiParameter): string {
  if (components === undefined) return type
  return `(${components.map(toType).join(',')})${type.slice('tuple'.length)}`
}

/** What makes an item the same as another: its kind, name and argument types. */
export function toSignature({ type, name, inputs }: AbiItem): string {
  return `${type} ${name ?? ''}(${(inputs ?? []).map(toType).join(',')})`
}
