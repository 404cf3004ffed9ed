// biome-ignore-all format: one item a line
// Written by `npm run generate`.
export const inferenceCallbackAbi = [
  {"name":"onInference","stateMutability":"nonpayable","type":"function","inputs":[{"name":"id","type":"bytes32"},{"name":"claim","type":"tuple","components":[{"name":"requestId","type":"bytes32"},{"name":"model","type":"bytes32"},{"name":"operator","type":"address"},{"name":"inputHash","type":"bytes32"},{"name":"outputHash","type":"bytes32"},{"name":"evidenceHash","type":"bytes32"}]},{"name":"output","type":"bytes"},{"name":"status","type":"uint8"}],"outputs":[]},
] as const
