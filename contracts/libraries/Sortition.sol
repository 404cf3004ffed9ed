// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Sortition
/// @notice Seconds until an operator's slot: an exponential race in integers (docs/protocol/sortition.md).
library Sortition {
    /// @dev round(ln 2 · 2^32).
    uint256 internal constant LN2 = 2_977_044_472;

    /// @notice Draw of `operator` under `seed`: uniform in [1, 2^256).
    function draw(bytes32 seed, address operator) internal pure returns (uint256 u) {
        u = uint256(keccak256(abi.encode(seed, operator)));
        if (u == 0) u = 1;
    }

    /// @notice −log2(u / 2^256) in Q16; `u` is not zero.
    function negLog2(uint256 u) internal pure returns (uint256) {
        uint256 n = Math.log2(u);
        uint256 fraction = 0;
        // n <= 255, mantissa < 2^128 before and < 2^129 after it is squared, fraction < 2^16.
        unchecked {
            uint256 mantissa = (u << (255 - n)) >> 128;
            for (uint256 i = 0; i < 16; ++i) {
                mantissa = (mantissa * mantissa) >> 127;
                uint256 bit = mantissa >> 128;
                mantissa >>= bit;
                fraction = (fraction << 1) | bit;
            }
            return (256 << 16) - ((n << 16) | fraction);
        }
    }

    /// @notice Seconds until the slot of one that drew `u` and has `weight` of `totalWeight`; `weight` is not zero.
    function wait(uint256 u, uint256 tau, uint256 weight, uint256 totalWeight) internal pure returns (uint256) {
        return ((tau * negLog2(u) * LN2 * totalWeight) / weight) >> 48;
    }
}
