import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

import type { UpstreamFault, WireAnswer } from './upstream.ts'

/** Sends an answer, with what is to go wrong on its way. */
export async function sendAnswer(
  response: ServerResponse,
  answer: WireAnswer,
  fault: UpstreamFault | undefined,
): Promise<void> {
  if (fault?.kind === 'slow') await delay(fault.firstMs ?? 0)
  if (fault?.kind === 'html') {
    response.setHeader('content-type', 'text/html').end('<html><body>Bad gateway</body></html>')
  } else if (answer.kind === 'body') await sendBody(response, answer, fault)
  else await sendStream(response, answer, fault)
}

async function sendBody(
  response: ServerResponse,
  answer: Extract<WireAnswer, { kind: 'body' }>,
  fault: UpstreamFault | undefined,
) {
  const { status, headers = {}, body } = answer
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  const text = JSON.stringify(body)
  const half = text.slice(0, Math.ceil(text.length / 2))
  switch (fault?.kind) {
    case 'garbage':
      return void response.end(half)
    case 'cut':
      return void response.write(half, () => breakOff(response))
    case 'stall':
      return void response.write(half)
    case 'huge':
      await sendHuge(response, '{"filler":"', fault.bytes)
      return void response.end(`",${text.slice(1)}`)
    default:
      response.end(text)
  }
}

async function sendStream(
  response: ServerResponse,
  answer: Extract<WireAnswer, { kind: 'stream' }>,
  fault: UpstreamFault | undefined,
) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const [index, frame] of framesOf(answer, fault).entries()) {
    if (response.destroyed) return
    const isDue = fault !== undefined && 'after' in fault && index === fault.after
    if (isDue && fault.kind === 'stall') return
    if (isDue && fault.kind === 'cut') return void response.write('', () => breakOff(response))
    if (isDue && fault.kind === 'errorEvent') {
      return void response.end(answer.errorFrame(fault.message ?? 'The server had an error.'))
    }
    if (fault?.kind === 'garbage' && index > 0) return void response.end('data: {"id": \n\n')
    if (fault?.kind === 'huge' && index > 0) {
      await sendHuge(response, 'data: {"filler":"', fault.bytes)
      return void response.end('"}\n\n')
    }
    if (fault?.kind === 'slow' && index > 0) await delay(fault.betweenMs ?? 0)
    await write(response, frame)
  }
  response.end()
}

function framesOf(
  { frames, ending }: Extract<WireAnswer, { kind: 'stream' }>,
  fault: UpstreamFault | undefined,
) {
  if (fault?.kind === 'unfinished') return frames.slice(0, frames.length - ending)
  if (fault?.kind === 'withoutDone') return frames.filter((frame) => !frame.includes('[DONE]'))
  return frames
}

/** Sends so many bytes of one string, as fast as the client takes them. */
async function sendHuge(response: ServerResponse, start: string, bytes: number) {
  await write(response, start)
  const piece = 'a'.repeat(Math.min(bytes, 65_536))
  for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
    await write(response, piece)
  }
}

async function write(response: ServerResponse, text: string) {
  if (response.destroyed || response.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}

/** Breaks the connection from this side: an answer with an error of its own is none that its client gave up. */
export function breakOff(response: ServerResponse) {
  response.destroy(new Error('broken off'))
}
