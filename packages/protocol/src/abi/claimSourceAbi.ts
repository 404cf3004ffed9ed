// biome-ignore-all format: one item a line
// Written by `npm run generate`.
export const claimSourceAbi = [
  {"name":"challengeable","stateMutability":"view","type":"function","inputs":[{"name":"context","type":"bytes"}],"outputs":[{"name":"claimId","type":"bytes32"},{"name":"claim","type":"tuple","components":[{"name":"requestId","type":"bytes32"},{"name":"model","type":"bytes32"},{"name":"operator","type":"address"},{"name":"inputHash","type":"bytes32"},{"name":"outputHash","type":"bytes32"},{"name":"evidenceHash","type":"bytes32"}]},{"name":"challengeUntil","type":"uint64"}]},
  {"name":"refute","stateMutability":"nonpayable","type":"function","inputs":[{"name":"context","type":"bytes"},{"name":"refuter","type":"address"}],"outputs":[]},
  {"name":"refuted","stateMutability":"view","type":"function","inputs":[{"name":"context","type":"bytes"}],"outputs":[{"name":"claimId","type":"bytes32"}]},
  {"name":"resume","stateMutability":"nonpayable","type":"function","inputs":[{"name":"context","type":"bytes"},{"name":"until","type":"uint64"}],"outputs":[]},
  {"name":"suspend","stateMutability":"nonpayable","type":"function","inputs":[{"name":"context","type":"bytes"}],"outputs":[]},
] as const
