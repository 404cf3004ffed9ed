// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ElementProof} from "../types/Tensor.sol";

/// @title CalldataTail
/// @notice Hands calldata on as it lies, where the compiler would decode, validate and encode again field by field.
library CalldataTail {
    /// @notice Calldata from where `proof` starts, in which all of it lies: offsets within are counted from there.
    function from(ElementProof calldata proof) internal pure returns (bytes calldata tail) {
        assembly ("memory-safe") {
            tail.offset := proof
            tail.length := sub(calldatasize(), proof)
        }
    }
}
