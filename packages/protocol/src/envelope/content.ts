/** AES-256-GCM under a key that encrypts one message only, so that the nonce may be constant (SP 800-38D, 8.2). */
const algorithm = 'AES-GCM'
const nonce = new Uint8Array(12)

export type ContentParameters = {
  /** 32 bytes. */
  key: Uint8Array
  /** What the content is about: authenticated with it. */
  about: Uint8Array
}

/** Returns the ciphertext of `content`, 16 bytes longer. */
export async function encryptContent(
  { key, about }: ContentParameters,
  content: Uint8Array,
): Promise<Uint8Array> {
  const imported = await importKey(key, 'encrypt')
  return new Uint8Array(await crypto.subtle.encrypt(options(about), imported, buffer(content)))
}

/** Returns the content; rejects where a byte, the key or the subject is another. */
export async function decryptContent(
  { key, about }: ContentParameters,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const imported = await importKey(key, 'decrypt')
  return new Uint8Array(await crypto.subtle.decrypt(options(about), imported, buffer(ciphertext)))
}

function importKey(key: Uint8Array, usage: 'encrypt' | 'decrypt') {
  return crypto.subtle.importKey('raw', buffer(key), algorithm, false, [usage])
}

function options(about: Uint8Array) {
  return { name: algorithm, iv: nonce, additionalData: buffer(about) }
}

/** WebCrypto takes no views of shared memory. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}
