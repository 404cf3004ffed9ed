/** What an upstream does wrong. */
export type UpstreamFault =
  /** The connection breaks before anything is answered. For a port that nobody listens on, see `setListening`. */
  | { kind: 'reset' }
  /** No headers ever come. */
  | { kind: 'hang' }
  /** Silence after so many events of a stream; a body that is not streamed breaks its promise in the middle. */
  | { kind: 'stall'; after: number }
  /** An error in the provider's form. */
  | {
      kind: 'status'
      status: number
      retryAfter?: string
      message?: string
      type?: string
      code?: string
    }
  /** The connection breaks after so many events of a stream, or in the middle of a body. */
  | { kind: 'cut'; after: number }
  /** A stream that ends in order, but before its finish. */
  | { kind: 'unfinished' }
  /** A stream that ends in order after its finish, without `[DONE]`. */
  | { kind: 'withoutDone' }
  /** An error within a stream after so many events. */
  | { kind: 'errorEvent'; after: number; message?: string }
  /** JSON that is none: in a stream, from its second event on. */
  | { kind: 'garbage' }
  /** A page of HTML with status 200, as proxies answer. */
  | { kind: 'html' }
  /** Milliseconds before the first and between further events. */
  | { kind: 'slow'; firstMs?: number; betweenMs?: number }
  /** Says that another model answered. */
  | { kind: 'model'; name: string }
  /** Says that other tokens were counted; nothing at all if undefined. */
  | { kind: 'usage'; usage: Usage | undefined }
  /** So many bytes in one string. */
  | { kind: 'huge'; bytes: number }

/** Tokens, as an upstream counts them. */
export type Usage = { input: number; output: number }

/** A request that an upstream got. */
export type SeenRequest = {
  method: string
  /** Path with its query. */
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** Exact bytes of the body. */
  bytes: Uint8Array
  /** The body parsed; undefined where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  body: any
  /** Whether the client went away before the answer was complete. */
  isAborted: boolean
}

/** Chooses what happens to a request; nothing to answer it well. */
export type FaultRule = (request: SeenRequest) => UpstreamFault | undefined

/** An answer of a provider, in the bytes of its wire. */
export type WireAnswer =
  | { kind: 'body'; status: number; headers?: Record<string, string>; body: unknown }
  | {
      kind: 'stream'
      /** Events as they are sent, with the blank line after each. */
      frames: readonly string[]
      /** How many of the last frames make the end: finish, usage and `[DONE]`. */
      ending: number
      /** An error in the middle of a stream, in the provider's form. */
      errorFrame: (message: string) => string
    }

/** What a wire's answer is made of besides the request. */
export type WireContext = {
  /** Names of the models that are there. */
  models: readonly string[]
  /** Name to give as that of the model that answered, over the one that was asked for. */
  servedModel: string | undefined
  /** Counts to report, over those that are right; `undefined` within to report none. */
  usage: { value: Usage | undefined } | undefined
}

/** One provider's API: returns nothing for paths that it has not. */
export type Wire = {
  answer: (request: SeenRequest, context: WireContext) => WireAnswer | undefined
  /** An error in the provider's form; nothing where the path is not its own. */
  error: (request: SeenRequest, fault: WireError) => unknown
  /** The key that a request came with. */
  keyOf: (request: SeenRequest) => string | undefined
}

export type WireError = { status: number; message: string; type?: string; code?: string }
