import { method, model, modelVersion, verifier } from 'ponder:schema'

import { addChange } from './lib/governance.ts'
import { clean } from './lib/json.ts'
import { on } from './lib/on.ts'

on('ModelRegistry:ModelCreated', async ({ event: { args }, db, at }) => {
  const { id, publisher, salt, name } = args
  await db
    .insert(model)
    .values({ id, publisher, salt, name: clean(name), ...at })
    .onConflictDoNothing()
})

on('ModelRegistry:PublisherProposed', async ({ event: { args }, db }) => {
  if ((await db.find(model, { id: args.id })) === null) return
  await db.update(model, { id: args.id }).set({ proposedPublisher: args.proposed })
})

on('ModelRegistry:PublisherChanged', async ({ event: { args }, db }) => {
  const { id, publisher } = args
  if ((await db.find(model, { id })) === null) return
  await db.update(model, { id }).set({ publisher, proposedPublisher: null })
})

on('ModelRegistry:VersionPublished', async ({ event: { args }, db, at }) => {
  const { version, model: of, manifestHash, manifestUri } = args
  await db
    .insert(modelVersion)
    .values({ id: version, model: of, manifestHash, manifestUri: clean(manifestUri), ...at })
    .onConflictDoNothing()
})

on('ModelRegistry:MethodAccepted', async ({ event: { args }, db }) => {
  await db.insert(method).values(args).onConflictDoNothing()
})

on('ModelRegistry:VersionDeprecated', async ({ event: { args }, db, at }) => {
  const id = args.version
  if ((await db.find(modelVersion, { id })) === null) return
  await db.update(modelVersion, { id }).set({ deprecatedAt: at.time })
})

on('ModelRegistry:VerifierApproved', async ({ event: { args }, db, at, id }) => {
  const change = { status: 'Approved', approvedAt: at.time } as const
  await db
    .insert(verifier)
    .values({ address: args.verifier, ...change })
    .onConflictDoUpdate(change)
  await addChange({ db, at, id }, 'VerifierApproved', args)
})

on('ModelRegistry:VerifierTombstoned', async ({ event: { args }, db, at, id }) => {
  const change = { status: 'Tombstoned', tombstonedAt: at.time } as const
  await db
    .insert(verifier)
    .values({ address: args.verifier, ...change })
    .onConflictDoUpdate(change)
  await addChange({ db, at, id }, 'VerifierTombstoned', args)
})

on('ModelRegistry:AuthorityUpdated', async (handled) => {
  await addChange(handled, 'AuthorityUpdated', handled.event.args)
})
