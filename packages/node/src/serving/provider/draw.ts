import type { ImageModelV4 } from '@ai-sdk/provider'
import { stringToBytes } from 'viem'

import { UpstreamError } from '../errors.ts'
import { countOf, servedNameOf } from '../openai/chatText.ts'
import type { ServedAnswer, ServedRequest } from '../servedBackend.ts'

/** Asks a provider for images, and returns them as OpenAI's API has them. */
export async function draw(
  imageModel: ImageModelV4,
  { body }: Pick<ServedRequest, 'body'>,
  abortSignal: AbortSignal,
  created: number,
): Promise<ServedAnswer> {
  const wanted = typeof body.n === 'number' ? body.n : 1
  const most = await mostAtOnce(imageModel)
  const counts = Array.from({ length: Math.ceil(wanted / most) }, (_, call) =>
    Math.min(most, wanted - call * most),
  )
  const results = await Promise.all(
    counts.map((n) =>
      imageModel.doGenerate({
        ...{ prompt: body.prompt as string, n, abortSignal, size: sizeOf(body.size) },
        ...{ aspectRatio: undefined, seed: undefined, files: undefined, mask: undefined },
        providerOptions: {},
      }),
    ),
  )
  const images = results.flatMap((result): (string | Uint8Array)[] => result.images)
  if (images.length === 0) {
    throw new UpstreamError({ failure: 'failed', message: 'The model drew nothing.' })
  }
  const data = images.map((image) => ({
    b64_json: typeof image === 'string' ? image : Buffer.from(image).toString('base64'),
  }))
  const tokens = results.map(({ usage }) => countOf(usage?.inputTokens))
  const counted = {
    unitsIn: tokens.reduce((sum, count) => sum && count && sum + count),
    unitsOut: BigInt(images.length),
    ...{
      textBytes: 0,
      servedModel: servedNameOf(results[0]?.response.modelId, imageModel.modelId),
    },
  }
  return { kind: 'body', bytes: stringToBytes(JSON.stringify({ created, data })), counted }
}

async function mostAtOnce({ maxImagesPerCall, modelId }: ImageModelV4) {
  const most =
    typeof maxImagesPerCall === 'function' ? await maxImagesPerCall({ modelId }) : maxImagesPerCall
  return most ?? 1
}

function sizeOf(size: unknown) {
  return typeof size === 'string' && /^\d+x\d+$/.test(size)
    ? (size as `${number}x${number}`)
    : undefined
}
