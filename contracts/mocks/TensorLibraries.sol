// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DotProduct} from "../libraries/DotProduct.sol";
import {Int8} from "../libraries/Int8.sol";
import {Trees} from "../libraries/Trees.sol";

/// @title TensorLibraries
/// @notice Hands tests the libraries of exact models.
contract TensorLibraries {
    /// @param cases Rows of value, multiplier, shift.
    function requantise(int32[3][] calldata cases) external pure returns (int256[] memory results) {
        results = new int256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            results[i] = Int8.requantise(cases[i][0], cases[i][1], int8(cases[i][2]));
        }
    }

    function products(bytes memory weights, bytes memory inputs) external view returns (uint256 result, uint256 spent) {
        spent = gasleft();
        result = DotProduct.products(weights, 0, inputs);
        spent -= gasleft();
    }

    function rootOf(bytes4 tag, bytes32[] memory leaves) external pure returns (bytes32) {
        return Trees.root(tag, leaves.length, Trees.top(leaves));
    }

    function rootOfPath(
        bytes4 tag,
        uint256 count,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata path
    ) external pure returns (bytes32) {
        return Trees.root(tag, count, Trees.climb(leaf, index, path));
    }
}
