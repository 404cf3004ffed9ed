// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlockSeed} from "../libraries/BlockSeed.sol";
import {Sortition} from "../libraries/Sortition.sol";
import {StructWords} from "../libraries/StructWords.sol";
import {Claim} from "../types/Claim.sol";
import {Job, JobId, Settlement} from "../types/Job.sol";

/// @title MarketLibraries
/// @notice The market's libraries, callable, and the plain Solidity that their assembly stands for.
contract MarketLibraries {
    using StructWords for Claim;
    using StructWords for Job;
    using StructWords for Settlement;

    function draw(bytes32 seed, address operator) external pure returns (uint256) {
        return Sortition.draw(seed, operator);
    }

    function negLog2(uint256 u) external pure returns (uint256) {
        return Sortition.negLog2(u);
    }

    function wait(uint256 u, uint256 tau, uint256 weight, uint256 totalWeight) external pure returns (uint256) {
        return Sortition.wait(u, tau, weight, totalWeight);
    }

    /// @notice How many of `rounds` seeds give each operator the earliest slot, measured in 2^-48 seconds.
    function race(
        bytes32 seed,
        uint256 rounds,
        address[] calldata operators,
        uint256[] calldata weights
    ) external pure returns (uint256[] memory wins) {
        wins = new uint256[](operators.length);
        for (uint256 round = 0; round < rounds; ++round) {
            seed = keccak256(abi.encode(seed));
            uint256 winner = 0;
            uint256 earliest = type(uint256).max;
            for (uint256 i = 0; i < operators.length; ++i) {
                // Not `wait`, whose whole seconds would tie.
                uint256 time = (Sortition.negLog2(Sortition.draw(seed, operators[i])) << 128) / weights[i];
                if (time < earliest) (winner, earliest) = (i, time);
            }
            ++wins[winner];
        }
    }

    /// @notice −log2 as docs/protocol/sortition.md words it.
    function negLog2InSolidity(uint256 u) external pure returns (uint256) {
        uint256 n = 0;
        while (u >> (n + 1) != 0) ++n;
        uint256 m = (u << (255 - n)) >> 128;
        uint256 f = 0;
        for (uint256 i = 0; i < 16; ++i) {
            m = (m * m) >> 127;
            uint256 bit = m >= 1 << 128 ? 1 : 0;
            m >>= bit;
            f = (f << 1) | bit;
        }
        return (256 << 16) - ((n << 16) + f);
    }

    function drawInSolidity(bytes32 seed, address operator) external pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, operator)));
    }

    function hashOf(uint256 number) external view returns (bytes32) {
        return BlockSeed.hashOf(number);
    }

    /// @notice The market's hashes and, beside each, the one of `types/`.
    function hashes(
        JobId id,
        Claim calldata claim,
        Settlement calldata settlement
    ) external pure returns (bytes32[2] memory ofClaim, bytes32[2] memory ofSettlement) {
        Claim memory claim_ = claim;
        Settlement memory settlement_ = settlement;
        ofClaim = [claim.hashStruct(), claim_.hash()];
        ofSettlement = [settlement.hashStruct(id), settlement_.hash(id)];
    }
}
