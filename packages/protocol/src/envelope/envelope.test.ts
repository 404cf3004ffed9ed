import { bytesToHex, concatBytes, hexToBytes, keccak256, stringToBytes, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { describe, expect, test } from 'vitest'

import {
  deriveEncryptionKeys,
  EnvelopeMalformedError,
  EnvelopeOpenError,
  encryptionKeyOf,
  envelopeLength,
  isEnvelope,
  NotRecipientError,
  openEnvelope,
  RecipientCountError,
  RecipientKeyError,
  recipientsOf,
  sealEnvelope,
} from '../exports/envelope.ts'
import { suite } from './suite.ts'

const about = keccak256('0x01')
const content = Uint8Array.from({ length: 300 }, (_, i) => i)

async function createRecipient() {
  const privateKey = generatePrivateKey()
  const keys = await deriveEncryptionKeys(privateKey)
  return {
    keys,
    address: privateKeyToAddress(privateKey),
    encryptionKey: await encryptionKeyOf(keys),
  }
}

async function setUp() {
  const recipients = await Promise.all([1, 2, 3].map(createRecipient))
  const envelope = await sealEnvelope({ content, about, recipients })
  return { recipients, envelope }
}

test('default', async () => {
  const { recipients, envelope } = await setUp()
  expect(isEnvelope(envelope)).toBe(true)
  expect(envelope.length).toBe(envelopeLength(3, content.length))
  expect(recipientsOf(envelope)).toEqual(recipients.map(({ address }) => address))
  for (const { address, keys } of recipients) {
    const parameters = { envelope, about, recipient: address, keys }
    expect(await openEnvelope(parameters)).toEqual(content)
  }
})

test('behavior: keys are derived from the private key alone', async () => {
  const privateKey = toHex(1n, { size: 32 })
  const [first, second] = await Promise.all([1, 2].map(() => deriveEncryptionKeys(privateKey)))
  const other = await deriveEncryptionKeys(toHex(2n, { size: 32 }))
  expect(await encryptionKeyOf(first!)).toBe(await encryptionKeyOf(second!))
  expect(await encryptionKeyOf(first!)).not.toBe(await encryptionKeyOf(other))
})

test("behavior: derived keys are those of the library's DeriveKeyPair", async () => {
  const privateKey = toHex(7n, { size: 32 })
  const ikm = concatBytes([stringToBytes('assay encryption key'), hexToBytes(privateKey)])
  const { publicKey } = await suite.DeriveKeyPair(ikm)
  const expected = bytesToHex(await suite.SerializePublicKey(publicKey))
  expect(await encryptionKeyOf(await deriveEncryptionKeys(privateKey))).toBe(expected)
})

test('behavior: two envelopes of one content have nothing in common', async () => {
  const { recipients, envelope } = await setUp()
  const again = await sealEnvelope({ content, about, recipients })
  expect(bytesToHex(again.slice(-316))).not.toBe(bytesToHex(envelope.slice(-316)))
})

test('error: somebody else', async () => {
  const { recipients, envelope } = await setUp()
  const { address, keys } = await createRecipient()
  const parameters = { envelope, about, recipient: address, keys }
  await expect(openEnvelope(parameters)).rejects.toThrow(NotRecipientError)
  const [first] = recipients
  const asFirst = { ...parameters, recipient: first!.address }
  await expect(openEnvelope(asFirst)).rejects.toThrow(EnvelopeOpenError)
})

test('error: an envelope about something else', async () => {
  const { recipients, envelope } = await setUp()
  const [{ address, keys }] = recipients as [(typeof recipients)[0]]
  const parameters = { envelope, about: keccak256('0x02'), recipient: address, keys }
  await expect(openEnvelope(parameters)).rejects.toThrow(EnvelopeOpenError)
})

test('error: any changed byte that the recipient reads', async () => {
  const { recipients, envelope } = await setUp()
  const [{ address, keys }] = recipients as [(typeof recipients)[0]]
  const bytes = [...envelope.keys()].filter((i) => (i >= 26 && i < 106) || i >= 306)
  for (const i of bytes.filter((_, n) => n % 7 === 0)) {
    const changed = envelope.with(i, envelope[i]! ^ 1)
    const parameters = { envelope: changed, about, recipient: address, keys }
    await expect(openEnvelope(parameters), `byte ${i}`).rejects.toThrow(EnvelopeOpenError)
  }
})

test('error: bytes that are no envelope', async () => {
  const { envelope } = await setUp()
  for (const bytes of [
    ...[new Uint8Array(0), content, stringToBytes('AEV1'), envelope.subarray(0, 5)],
    ...[envelope.subarray(0, envelopeLength(3, 0) - 1), stringToBytes('AEV1\xff\xff')],
  ]) {
    expect(() => recipientsOf(bytes)).toThrow(EnvelopeMalformedError)
  }
})

test('error: recipients that cannot be sealed for', async () => {
  const [recipient] = (await setUp()).recipients
  const seal = (encryptionKey: `0x${string}`) =>
    sealEnvelope({ content, about, recipients: [{ ...recipient!, encryptionKey }] })
  // Zero is a point of low order: everybody would know the secret.
  await expect(seal(toHex(0n, { size: 32 }))).rejects.toThrow(RecipientKeyError)
  await expect(seal('0x1234')).rejects.toThrow(RecipientKeyError)
  await expect(sealEnvelope({ content, about, recipients: [] })).rejects.toThrow(
    RecipientCountError,
  )
})

describe('HPKE', () => {
  test('behavior: opens the test vector of RFC 9180, A.1.1', async () => {
    const secret = '4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'
    const encapsulated = '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'
    const ciphertext =
      'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a'
    const [info, aad] = ['4f6465206f6e2061204772656369616e2055726e', '436f756e742d30']
    const key = await suite.DeserializePrivateKey(hexToBytes(`0x${secret}`))
    const opened = await suite.Open(
      ...([key, hexToBytes(`0x${encapsulated}`), hexToBytes(`0x${ciphertext}`)] as const),
      { info: hexToBytes(`0x${info}`), aad: hexToBytes(`0x${aad}`) },
    )
    expect(Buffer.from(opened).toString()).toBe('Beauty is truth, truth beauty')
  })
})
