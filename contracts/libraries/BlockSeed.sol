// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GasCappedCall} from "./GasCappedCall.sol";

/// @title BlockSeed
/// @notice Hashes of the last 8,191 blocks.
/// @dev Not OpenZeppelin's `Blockhash`, which takes what the history contract reverts with for a hash.
library BlockSeed {
    /// @dev History contract of EIP-2935.
    address internal constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    uint256 internal constant HISTORY_GAS = 30_000;

    /// @notice Hash of block `number`; zero if it is in the future or out of reach.
    function hashOf(uint256 number) internal view returns (bytes32 hash) {
        hash = blockhash(number);
        if (hash != 0 || number >= block.number) return hash;

        (bool success, bytes32 word) = GasCappedCall.tryRead(HISTORY, HISTORY_GAS, abi.encode(number));
        return success ? word : bytes32(0);
    }
}
