// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

/// @title Sortition
/// @notice Seconds until an operator's slot: an exponential race in integers (docs/protocol/sortition.md).
library Sortition {
    /// @dev round(ln 2 · 2^32).
    uint256 internal constant LN2 = 2_977_044_472;

    /// @notice Draw of `operator` under `seed`: uniform in [1, 2^256).
    function draw(bytes32 seed, address operator) internal pure returns (uint256 u) {
        // The same as keccak256(abi.encode(seed, operator)).
        assembly ("memory-safe") {
            mstore(0, seed)
            mstore(0x20, operator)
            u := keccak256(0, 0x40)
        }
        if (u == 0) u = 1;
    }

    /// @notice −log2(u / 2^256) in Q16; `u` is not zero.
    /// @dev Sixteen times, unrolled, the same as
    ///
    ///     m = (m * m) >> 127;
    ///     bit = m >> 128;
    ///     m >>= bit;
    ///     f = (f << 1) | bit;
    function negLog2(uint256 u) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            let zeros := clz(u)
            let m := shr(128, shl(zeros, u))
            let f := 0
            let bit := 0
            for {
                let i := 0
            } lt(i, 4) {
                i := add(i, 1)
            } {
                m := shr(127, mul(m, m))
                bit := shr(128, m)
                m := shr(bit, m)
                f := or(shl(1, f), bit)

                m := shr(127, mul(m, m))
                bit := shr(128, m)
                m := shr(bit, m)
                f := or(shl(1, f), bit)

                m := shr(127, mul(m, m))
                bit := shr(128, m)
                m := shr(bit, m)
                f := or(shl(1, f), bit)

                m := shr(127, mul(m, m))
                bit := shr(128, m)
                m := shr(bit, m)
                f := or(shl(1, f), bit)
            }
            // The integer part of log2(u) is 255 - zeros.
            result := sub(shl(16, add(zeros, 1)), f)
        }
    }

    /// @notice Seconds until the slot of one that drew `u` and has `weight` of `totalWeight`; `weight` is not zero.
    /// @dev Expects tau < 2^12 and totalWeight < 2^128.
    function wait(uint256 u, uint256 tau, uint256 weight, uint256 totalWeight) internal pure returns (uint256) {
        // Less than 2^(12 + 25 + 32 + 128).
        unchecked {
            return ((tau * negLog2(u) * LN2 * totalWeight) / weight) >> 48;
        }
    }
}
