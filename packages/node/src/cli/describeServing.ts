import type { ServingEvent } from '../serving/http/serving.ts'
import type { EventLine } from './describeEvent.ts'
import { shortErrorOf } from './shortErrorOf.ts'

/** Puts an event of serving into a line. What was asked and answered is in none. */
export function describeServing(event: ServingEvent): EventLine {
  switch (event.type) {
    case 'begun':
    case 'firstToken':
      return { level: 'debug', message: `request ${event.type}`, fields: { model: event.model } }
    case 'ended': {
      const { model, task, status } = event
      const fields = { model, task, status, ms: Math.round(event.durationMs) }
      return { level: 'debug', message: 'request ended', fields }
    }
    case 'issued': {
      const { model } = event
      const [unitsIn, unitsOut, fee] = [event.unitsIn, event.unitsOut, event.fee].map(String)
      return { level: 'info', message: 'answered', fields: { model, unitsIn, unitsOut, fee } }
    }
    case 'upstreamFailed': {
      const { model, failure } = event
      const fields = { model, failure, error: shortErrorOf(event.error) }
      return { level: 'warn', message: 'model failed', fields }
    }
    case 'servingFailed': {
      const fields = { request: event.requestName, error: shortErrorOf(event.error) }
      return { level: 'warn', message: 'request failed', fields }
    }
  }
}
