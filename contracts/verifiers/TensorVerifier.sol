// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../interfaces/IEscrow.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {ITensorChecker} from "../interfaces/ITensorChecker.sol";
import {ITensorInterpreter} from "../interfaces/ITensorInterpreter.sol";
import {ITensorRunner} from "../interfaces/ITensorRunner.sol";
import {ITensorVerifier} from "../interfaces/ITensorVerifier.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";
import {ProofGas} from "../libraries/ProofGas.sol";
import {Demands} from "./tensor/Demands.sol";
import {Programs} from "./tensor/Programs.sol";
import {Refutations} from "./tensor/Refutations.sol";

/// @title TensorVerifier
/// @notice Judges claims of exact models. Holds no tokens and has no owner.
contract TensorVerifier is Refutations, Demands {
    /// @inheritdoc ITensorVerifier
    uint256 public constant MAX_PROOF_GAS = ProofGas.MAX;

    constructor(
        IEscrow escrow,
        IModelRegistry registry,
        ITensorChecker checker,
        ITensorInterpreter interpreter,
        ITensorRunner runner,
        uint128 demandBond,
        uint64 supplyWindow,
        uint64 followUpWindow
    )
        Programs(registry)
        Refutations(checker, interpreter, runner)
        Demands(escrow, demandBond, supplyWindow, followUpWindow)
    {}

    /// @inheritdoc IVerifier
    /// @param data abi.encode(bytes[] descriptors).
    function validate(bytes32 root, bytes calldata data) external view {
        CHECKER.validate(root, data);
    }
}
