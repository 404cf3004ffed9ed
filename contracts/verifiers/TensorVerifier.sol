// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../interfaces/IEscrow.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {ITensorVerifier} from "../interfaces/ITensorVerifier.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";
import {Dense} from "../libraries/Dense.sol";
import {Operator, Program} from "../libraries/Program.sol";
import {Trees} from "../libraries/Trees.sol";
import {Demands} from "./tensor/Demands.sol";
import {Openings} from "./tensor/Openings.sol";
import {Refutations} from "./tensor/Refutations.sol";

/// @title TensorVerifier
/// @notice Judges claims of exact models. Holds no tokens and has no owner.
contract TensorVerifier is Refutations, Demands {
    /* CONSTANTS */

    /// @inheritdoc ITensorVerifier
    uint256 public constant MAX_PROOF_GAS = 2 ** 24;

    /// @dev Calldata floor of a byte that is not zero (EIP-7623). Above it lies less than what a byte of a proof costs as
    /// plain calldata and to hash, copy, multiply and log.
    uint256 internal constant GAS_PER_BYTE = 40;
    /// @dev The transaction itself, the calls to the source, the registry and the escrow, and a settlement that slashes.
    uint256 internal constant FIXED_GAS = 321_000;
    /// @dev Heads of call and proof, two of the longest descriptors, and a context of up to 1 KiB.
    uint256 internal constant FIXED_BYTES = 3_072;
    /// @dev Words of the ABI around the data and the path of one row, and its padding.
    uint256 internal constant ROW_BYTES = 223;

    /* CONSTRUCTOR */

    constructor(
        IEscrow escrow,
        IModelRegistry registry,
        uint128 demandBond,
        uint64 supplyWindow,
        uint64 followUpWindow
    ) Openings(registry) Demands(escrow, demandBond, supplyWindow, followUpWindow) {}

    /* VIEWS */

    /// @inheritdoc IVerifier
    /// @param data abi.encode(bytes[] descriptors).
    function validate(bytes32 root, bytes calldata data) external pure {
        bytes[] calldata descriptors = Program.decode(data);
        uint256 count = descriptors.length;
        require(count > 1, ProgramTooShort(count, 2));
        Operator[] memory operators = new Operator[](count);
        operators[0] = _checkInput(descriptors[0]);
        for (uint256 i = 1; i < count; ++i) operators[i] = _checkOperator(i, descriptors[i], operators);
        bytes32 computed = Program.rootOf(descriptors);
        require(computed == root, ProgramMismatch(computed, root));

        for (uint256 i = 0; i < count; ++i) {
            uint256 gas_ = FIXED_GAS + GAS_PER_BYTE * (FIXED_BYTES + _largestCall(operators, i));
            require(gas_ <= MAX_PROOF_GAS, Unprovable(uint32(i), gas_, MAX_PROOF_GAS));
        }
    }

    /* INTERNAL */

    /// @dev Bytes of the largest call that a dispute about operator `index` can need, without `FIXED_BYTES`.
    function _largestCall(Operator[] memory operators, uint256 index) private pure returns (uint256 size) {
        Operator memory operator = operators[index];
        uint256 trees = 32 * (2 * Trees.depth(operators.length) + 2 * Trees.depth(operators.length - 1));
        // Supplying the trace, or the list of rows of the tensor.
        size = 32 * _max(operators.length, operator.rows);
        size = _max(size, _rowSize(operator.rowBytes, operator.rows));
        if (index == operators.length - 1) {
            size = _max(size, trees + uint256(operator.rows) * operator.rowBytes);
        }
        if (index == 0) return size;

        Operator memory source = operators[operator.source];
        uint256 proof = trees + _rowSize(operator.rowBytes, operator.rows);
        if (operator.kind == Program.DENSE) {
            uint256 inputs = uint256(source.rows) * source.rowBytes;
            // Supplying the list of weight rows.
            size = _max(size, 32 * uint256(operator.rowBytes));
            proof += source.rows * _rowSize(source.rowBytes, source.rows);
            proof += _rowSize(Dense.rowLength(inputs), operator.rowBytes);
        } else {
            proof += _rowSize(source.rowBytes, source.rows);
        }
        return _max(size, proof);
    }

    function _rowSize(uint256 length, uint256 count) private pure returns (uint256) {
        return ROW_BYTES + length + 32 * Trees.depth(count);
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
