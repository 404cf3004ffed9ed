// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Posting} from "../types/Batch.sol";

/// @title PostingLog
/// @notice Logs a posting as it lies in calldata, and outcomes as they lie in memory, where the compiler would copy word by word.
library PostingLog {
    /// @notice The same as `emit BatchSettled(operator, batch, posting.root, posting.count, posting.dataHash, outcomes)`, whose
    /// selector is `topic`.
    /// @dev `posting.count` was read before, so it is known to fit its type.
    function emitSettled(
        bytes32 topic,
        address operator,
        uint256 batch,
        Posting calldata posting,
        uint256[] memory outcomes
    ) internal {
        assembly ("memory-safe") {
            let data := mload(0x40)
            // root, count, dataHash; then where the outcomes start; then the outcomes with their length
            calldatacopy(data, posting, 0x60)
            mstore(add(data, 0x60), 0x80)
            let size := shl(5, add(mload(outcomes), 1))
            mcopy(add(data, 0x80), outcomes, size)
            log3(data, add(size, 0x80), topic, operator, batch)
        }
    }
}
