// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Elementwise} from "../libraries/Elementwise.sol";
import {Pooling} from "../libraries/Pooling.sol";
import {Operator, Program} from "../libraries/Program.sol";
import {ProofGas} from "../libraries/ProofGas.sol";
import {Softmax} from "../libraries/Softmax.sol";
import {Lines, Window, Windows} from "../libraries/Windows.sol";

/// @title KernelHarness
/// @notice Hands tests the kernels of exact models whose reference has vectors.
contract KernelHarness {
    using Elementwise for Elementwise.Sum;
    using Pooling for Pooling.Parameters;
    using Softmax for Softmax.Parameters;
    using Windows for Window;

    /// @notice Output bytes of the softmax operator `descriptor` for one run.
    function softmax(bytes calldata descriptor, bytes memory run) external pure returns (bytes memory outputs) {
        Softmax.Parameters memory parameters = Softmax.read(descriptor);
        outputs = new bytes(run.length);
        (int256 sum, int256 greatest) = parameters.sumOf(run, 0);
        for (uint256 i = 0; i < run.length; ++i) {
            outputs[i] = bytes1(parameters.outputOf(sum, int256(uint256(uint8(run[i]))) - greatest));
        }
    }

    /// @notice Most gas that judging an element of operator `index` of the program `descriptors` may take.
    function worstOf(bytes[] calldata descriptors, uint256 index) external pure returns (uint256) {
        Operator[] memory operators = new Operator[](descriptors.length);
        for (uint256 i = 0; i < operators.length; ++i) operators[i] = Program.header(descriptors[i]);
        return ProofGas.worstOf(operators, descriptors, index);
    }

    function exponentials(int256[] calldata inputs) external pure returns (int256[] memory results) {
        results = new int256[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) results[i] = Softmax.exponential(inputs[i]);
    }

    function reciprocals(
        uint256[] calldata inputs
    ) external pure returns (int256[] memory scales, uint256[] memory bitsOverUnit) {
        (scales, bitsOverUnit) = (new int256[](inputs.length), new uint256[](inputs.length));
        for (uint256 i = 0; i < inputs.length; ++i) (scales[i], bitsOverUnit[i]) = Softmax.reciprocal(inputs[i]);
    }

    /// @notice Output bytes of the addition `descriptor` for tensors `a` and `b` of one shape.
    function add(
        bytes calldata descriptor,
        bytes calldata a,
        bytes calldata b
    ) external pure returns (bytes memory outputs) {
        Elementwise.Sum memory parameters = Elementwise.readSum(descriptor);
        outputs = new bytes(a.length);
        for (uint256 i = 0; i < a.length; ++i) outputs[i] = bytes1(parameters.add(uint8(a[i]), uint8(b[i])));
    }

    /// @notice Output bytes of the pool `descriptor`, `rows` rows of `rowBytes`, over the lines of `image`.
    function pool(
        bytes calldata descriptor,
        bytes memory image,
        uint256 rows,
        uint256 rowBytes
    ) external pure returns (bytes memory outputs) {
        Pooling.Parameters memory parameters = Pooling.read(descriptor);
        uint256 lineBytes = parameters.window.width * parameters.window.channels;
        outputs = new bytes(rows * rowBytes);
        Lines memory lines = Lines({data: image, offset: 0, step: lineBytes, skipped: 0, count: 0});
        for (uint256 i = 0; i < rows; ++i) {
            (, uint256 count, uint256 first) = parameters.window.linesOf(i, image.length / lineBytes);
            (lines.offset, lines.count) = (first * lineBytes, count);
            for (uint256 j = 0; j < rowBytes; ++j) outputs[i * rowBytes + j] = bytes1(parameters.element(lines, j));
        }
    }
}
