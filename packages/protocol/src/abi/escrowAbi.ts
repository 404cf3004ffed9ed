// biome-ignore-all format: one item a line
// Written by `npm run generate`.
export const escrowAbi = [
  {"name":"InsufficientBalance","type":"error","inputs":[{"name":"payer","type":"address"},{"name":"spender","type":"address"},{"name":"balance","type":"uint256"},{"name":"needed","type":"uint256"}]},
  {"name":"InsufficientPool","type":"error","inputs":[{"name":"spender","type":"address"},{"name":"pool","type":"uint256"},{"name":"needed","type":"uint256"}]},
  {"name":"TokenAmountMismatch","type":"error","inputs":[{"name":"received","type":"uint256"},{"name":"expected","type":"uint256"}]},
  {"name":"ZeroAddress","type":"error","inputs":[]},
  {"name":"ZeroAmount","type":"error","inputs":[]},
  {"anonymous":false,"name":"Deposited","type":"event","inputs":[{"indexed":true,"name":"payer","type":"address"},{"indexed":true,"name":"spender","type":"address"},{"indexed":true,"name":"from","type":"address"},{"indexed":false,"name":"amount","type":"uint256"}]},
  {"anonymous":false,"name":"Moved","type":"event","inputs":[{"indexed":true,"name":"payer","type":"address"},{"indexed":true,"name":"from","type":"address"},{"indexed":true,"name":"to","type":"address"},{"indexed":false,"name":"amount","type":"uint256"}]},
  {"anonymous":false,"name":"Paid","type":"event","inputs":[{"indexed":true,"name":"spender","type":"address"},{"indexed":true,"name":"to","type":"address"},{"indexed":false,"name":"amount","type":"uint256"}]},
  {"anonymous":false,"name":"Withdrawn","type":"event","inputs":[{"indexed":true,"name":"payer","type":"address"},{"indexed":true,"name":"spender","type":"address"},{"indexed":true,"name":"to","type":"address"},{"indexed":false,"name":"amount","type":"uint256"}]},
  {"name":"TOKEN","stateMutability":"view","type":"function","inputs":[],"outputs":[{"name":"","type":"address"}]},
  {"name":"balanceOf","stateMutability":"view","type":"function","inputs":[{"name":"payer","type":"address"},{"name":"spender","type":"address"}],"outputs":[{"name":"","type":"uint256"}]},
  {"name":"credit","stateMutability":"nonpayable","type":"function","inputs":[{"name":"payer","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
  {"name":"debit","stateMutability":"nonpayable","type":"function","inputs":[{"name":"payer","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
  {"name":"deposit","stateMutability":"nonpayable","type":"function","inputs":[{"name":"payer","type":"address"},{"name":"spender","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
  {"name":"depositWithAuthorization","stateMutability":"nonpayable","type":"function","inputs":[{"name":"payer","type":"address"},{"name":"spender","type":"address"},{"name":"amount","type":"uint256"},{"name":"validAfter","type":"uint256"},{"name":"validBefore","type":"uint256"},{"name":"salt","type":"bytes32"},{"name":"v","type":"uint8"},{"name":"r","type":"bytes32"},{"name":"s","type":"bytes32"}],"outputs":[]},
  {"name":"depositWithPermit","stateMutability":"nonpayable","type":"function","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"},{"name":"deadline","type":"uint256"},{"name":"v","type":"uint8"},{"name":"r","type":"bytes32"},{"name":"s","type":"bytes32"}],"outputs":[]},
  {"name":"move","stateMutability":"nonpayable","type":"function","inputs":[{"name":"from","type":"address"},{"name":"to","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
  {"name":"pay","stateMutability":"nonpayable","type":"function","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
  {"name":"poolOf","stateMutability":"view","type":"function","inputs":[{"name":"spender","type":"address"}],"outputs":[{"name":"","type":"uint256"}]},
  {"name":"withdraw","stateMutability":"nonpayable","type":"function","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"},{"name":"to","type":"address"}],"outputs":[]},
] as const
