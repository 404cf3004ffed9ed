/** A row of the index as GraphQL returns it. */
export type Row = Record<string, string | number | boolean | null>

export async function query<data>(url: string, text: string): Promise<data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  })
  const { data, errors } = (await response.json()) as { data: data; errors?: unknown }
  if (errors !== undefined) throw new TypeError(JSON.stringify(errors))
  return data
}

type Page = { items: Row[]; totalCount: number }

/** Reads all rows of tables: `{ jobs: 'id payer' }` gives `{ jobs: […] }`. */
export async function readTables<name extends string>(
  url: string,
  tables: Record<name, string>,
): Promise<Record<name, Row[]>> {
  const fields = Object.entries<string>(tables).map(
    ([name, columns]) => `${name}(limit: 1000) { items { ${columns} } totalCount }`,
  )
  const pages = await query<Record<name, Page>>(url, `{ ${fields.join(' ')} }`)
  const entries = Object.entries<Page>(pages).map(([name, { items, totalCount }]) => {
    if (totalCount !== items.length) throw new TypeError(`${name} has more than one page`)
    return [name, items]
  })
  return Object.fromEntries(entries)
}
