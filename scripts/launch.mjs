/**
 * Runs a script of this repository, or an installed tool, on a fresh clone as on a warm one:
 *
 *     node scripts/launch.mjs scripts/test.ts --vitest
 *     node scripts/launch.mjs hardhat build
 *
 * It installs the packages when `node_modules` does not belong to package-lock.json, then hands over to a Node that
 * runs TypeScript by itself. Plain JavaScript without dependencies, because nothing may be installed yet.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const binaries = join(modules, '.bin')
const stamp = join(modules, '.lock-sha256')
const isWindows = process.platform === 'win32'

/** The first Node that strips types without a flag. */
const needed = [22, 18]

function hashOfLock() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfLock()
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

function install() {
  console.error('Installing packages (npm ci), about half a minute …')
  const arguments_ = ['ci', '--include=dev', '--include=optional', '--loglevel=error']
  const { status, error } = spawnSync('npm', arguments_, {
    cwd: root,
    // Its install script downloads GPU libraries that nothing here uses.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    shell: isWindows,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ''}`)
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > needed[0] || (major === needed[0] && minor >= needed[1])
}

/** The Node linked into `node_modules` where the platform has one, else the running one. */
function findNode() {
  const linked = join(binaries, 'node')
  const { status, stdout } = spawnSync(linked, ['--version'], { encoding: 'utf8' })
  if (status === 0 && isNewEnough(stdout.trim())) return linked
  if (isNewEnough(process.version)) return process.execPath
  return fail(`Node ${needed.join('.')} or newer is needed; this is ${process.version}.`)
}

function run(node, [target, ...arguments_]) {
  const isScript = /\.(ts|mjs)$/.test(target)
  const child = spawn(
    isScript ? node : join(binaries, target),
    isScript ? [join(root, target), ...arguments_] : arguments_,
    {
      cwd: root,
      env: { ...process.env, PATH: [binaries, dirname(node), process.env.PATH].join(delimiter) },
      shell: isWindows && !isScript,
      stdio: 'inherit',
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM']) {
    let isForwarded = false
    process.on(signal, () => {
      if (!isForwarded) child.kill(signal)
      isForwarded = true
    })
  }
  child.on('error', (error) => fail(`${target} did not start: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

const targets = process.argv.slice(2)
if (targets[0] === '--stamp') {
  // `npm install --package-lock-only` installs nothing to stamp.
  if (existsSync(modules)) writeFileSync(stamp, hashOfLock())
} else if (targets.length === 0) {
  fail('Usage: node scripts/launch.mjs <script.ts | tool> [arguments]')
} else {
  if (!isInstalled()) install()
  run(findNode(), targets)
}
