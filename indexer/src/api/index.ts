import { db, publicClients } from 'ponder:api'
import schema from 'ponder:schema'
import { graphql } from 'ponder'

import { readConfig } from '../../config.ts'
import { createApp } from './app.ts'

const { deployment } = readConfig()
const { token, escrow, staking, market, tensorVerifier, audits, ledger } = deployment
const contracts = { Escrow: escrow, Staking: staking }

const spenders = [market, tensorVerifier, audits, ledger]

const app = createApp({ db, client: publicClients.assay, token, contracts, spenders })

app.use('/graphql', graphql({ db, schema }))

export default app
