// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorChecker} from "../interfaces/ITensorChecker.sol";
import {ITensorVerifier} from "../interfaces/ITensorVerifier.sol";
import {Operator, Program} from "../libraries/Program.sol";
import {ProofGas} from "../libraries/ProofGas.sol";
import {Shapes} from "./tensor/Shapes.sol";

/// @title TensorChecker
/// @notice Checks programs before they are published. Part of `TensorVerifier`.
contract TensorChecker is ITensorChecker, Shapes {
    /* VIEWS */

    /// @inheritdoc ITensorChecker
    function validate(bytes32 root, bytes calldata data) external pure {
        bytes[] calldata descriptors = Program.decode(data);
        Operator[] memory operators = _operators(descriptors);
        bytes32 computed = Program.rootOf(descriptors);
        require(computed == root, ITensorVerifier.ProgramMismatch(computed, root));

        for (uint256 i = 0; i < operators.length; ++i) {
            uint256 worst = ProofGas.worstOf(operators, descriptors, i);
            require(worst <= ProofGas.MAX, ITensorVerifier.Unprovable(uint32(i), worst, ProofGas.MAX));
        }
    }

    /// @inheritdoc ITensorChecker
    function check(bytes[] calldata descriptors) external pure {
        _operators(descriptors);
    }

    /* INTERNAL */

    function _operators(bytes[] calldata descriptors) private pure returns (Operator[] memory operators) {
        require(descriptors.length > 1, ITensorVerifier.ProgramTooShort(descriptors.length, 2));
        operators = new Operator[](descriptors.length);
        operators[0] = _header(0, descriptors[0]);
        _requireInput(operators[0]);
        for (uint256 i = 1; i < operators.length; ++i) {
            operators[i] = _header(uint32(i), descriptors[i]);
            _requireOperator(uint32(i), operators, descriptors[i]);
        }
    }
}
