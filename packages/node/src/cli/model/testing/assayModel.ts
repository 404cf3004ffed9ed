import { runCli } from '../../runCli.ts'

/** Runs a command of `assay model`; returns its exit code and what it printed. */
export async function assayModel(...args: string[]) {
  let [out, error] = ['', '']
  const code = await runCli({
    arguments: ['model', ...args],
    write: (text) => {
      out += text
    },
    writeError: (text) => {
      error += text
    },
    signal: new AbortController().signal,
  })
  return { code, out, error }
}
