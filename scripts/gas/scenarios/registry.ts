import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

/** Measures what publishers do. `publish` holds the verifier's check of the demo model's program. */
export async function measureRegistry({ meter, world }: Scene) {
  const { method, outsider, publisher, registry } = world
  const [first, second] = [publisher.account, outsider.account]

  await meter.steady(async (run, round) => {
    const salt = wordOf(`model ${round}`)
    const model = await registry.read.modelId([first, salt])
    await run('ModelRegistry.create', registry.write.create([salt, 'digits'], publisher))

    const manifest = [model, wordOf('manifest'), 'https://models.example/digits.json'] as const
    await run('ModelRegistry.publish', registry.write.publish([...manifest, [method]], publisher))
    const version = await registry.read.versionId([model, manifest[1], [method]])
    await run('ModelRegistry.deprecate', registry.write.deprecate([version], publisher))

    const propose = registry.write.proposePublisher([model, second], publisher)
    await run('ModelRegistry.proposePublisher', propose)
    const accept = registry.write.acceptPublisher([model], outsider)
    await run('ModelRegistry.acceptPublisher', accept)
  })
}
