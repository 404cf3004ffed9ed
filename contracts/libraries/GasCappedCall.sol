// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title GasCappedCall
/// @notice Calls to code that nobody vouches for: it gets so much gas and no more, and what it returns is not copied.
library GasCappedCall {
    /// @dev What must be left beside the callee's own gas. Before it starts: a cold account and the cold account that it
    /// may delegate to (2,600 each), the call's arguments; afterwards: an event of the outcome.
    uint256 internal constant OVERHEAD = 10_000;

    /// @notice Gas that must be left for a callee to get `gasLimit` of it, of which the EVM withholds a 64th.
    function gasNeeded(uint256 gasLimit) internal pure returns (uint256) {
        return gasLimit + gasLimit / 63 + 1 + OVERHEAD;
    }

    /// @notice Calls `target` and drops what it returns.
    /// @dev The same as `(success, ) = target.call{gas: gasLimit}(data)`, which would copy the return data.
    function tryCall(address target, uint256 gasLimit, bytes memory data) internal returns (bool success) {
        assembly ("memory-safe") {
            success := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// @notice Reads one word from `target`; `success` is false if it returned another length.
    /// @dev The same as `target.staticcall{gas: gasLimit}(data)`, which would copy the return data.
    function tryRead(
        address target,
        uint256 gasLimit,
        bytes memory data
    ) internal view returns (bool success, bytes32 word) {
        assembly ("memory-safe") {
            success := staticcall(gasLimit, target, add(data, 0x20), mload(data), 0, 0x20)
            success := and(success, eq(returndatasize(), 0x20))
            word := mload(0)
        }
    }
}
