// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IModelRegistry} from "../../interfaces/IModelRegistry.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Claim} from "../../types/Claim.sol";
import {Roots} from "../../types/Tensor.sol";

/// @title Programs
/// @notice Finds the roots that the registry and a claim fix.
abstract contract Programs is ITensorVerifier {
    /* IMMUTABLES */

    /// @inheritdoc ITensorVerifier
    IModelRegistry public immutable REGISTRY;

    /* CONSTRUCTOR */

    constructor(IModelRegistry registry) {
        REGISTRY = registry;
    }

    /* INTERNAL */

    function _rootsOf(bytes32 claimId, Claim memory claim) internal view returns (Roots memory) {
        bytes32 program = REGISTRY.rootOf(claim.model, address(this));
        require(program != bytes32(0), UnknownProgram(claimId));
        return Roots({program: program, input: claim.inputHash, evidence: claim.evidenceHash});
    }
}
