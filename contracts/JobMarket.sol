// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {JobAnswers} from "./base/JobAnswers.sol";
import {JobBook} from "./base/JobBook.sol";
import {JobChallenges} from "./base/JobChallenges.sol";
import {JobRequests} from "./base/JobRequests.sol";
import {JobSettlements} from "./base/JobSettlements.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IOperatorStaking} from "./interfaces/IOperatorStaking.sol";
import {Terms, TermsLib} from "./libraries/Terms.sol";
import {Parameters} from "./types/Job.sol";

/// @title JobMarket
/// @notice Settles jobs. Holds no tokens: payers' money is in `ESCROW`, operators' stake in `STAKING`.
/// @dev Here is only what governance may do: set terms of future jobs, pause new requests, collect the protocol's own fees.
contract JobMarket is JobRequests, JobAnswers, JobSettlements, JobChallenges, AccessManaged {
    /* CONSTANTS */

    /// @inheritdoc IJobMarket
    uint32 public constant MAX_PROTOCOL_FEE_PPM = 50_000;

    /* CONSTRUCTOR */

    constructor(
        IEscrow escrow,
        IOperatorStaking staking,
        IModelRegistry registry,
        address authority,
        uint32 maxAnswerWindow,
        uint32 minChallengeWindow,
        uint32 maxChallengeWindow,
        Parameters memory parameters
    )
        JobBook(escrow, staking, registry, maxAnswerWindow, minChallengeWindow, maxChallengeWindow)
        AccessManaged(authority)
    {
        require(authority != address(0), ZeroAddress());

        _addParameters(parameters);
    }

    /* GOVERNANCE */

    /// @inheritdoc IJobMarket
    function setParameters(Parameters calldata parameters) external restricted returns (uint32 id) {
        return _addParameters(parameters);
    }

    /// @inheritdoc IJobMarket
    function setRequestsPaused(bool paused) external restricted {
        requestsPaused = paused;
        emit RequestsPaused(paused);
    }

    /// @inheritdoc IJobMarket
    function collectProtocolFees(address to) external restricted returns (uint256 amount) {
        require(to != address(0), ZeroAddress());
        amount = protocolFees;
        if (amount == 0) return 0;

        protocolFees = 0;
        emit ProtocolFeesCollected(to, amount);

        ESCROW.pay(to, amount);
    }

    /* INTERNAL */

    function _addParameters(Parameters memory parameters) internal returns (uint32 id) {
        _requireInRange("protocolFeePpm", parameters.protocolFeePpm, 0, MAX_PROTOCOL_FEE_PPM);
        // At least the fee itself, so that what can be paid can always be slashed.
        _requireInRange("stakeRatioPpm", parameters.stakeRatioPpm, TermsLib.PPM, TermsLib.MAX_STAKE_RATIO_PPM);
        _requireInRange("commitBondPpm", parameters.commitBondPpm, 0, TermsLib.PPM);
        _requireInRange("seatSeconds", parameters.seatSeconds, 1, TermsLib.MAX_SEAT_SECONDS);
        _requireInRange("stakeFloor", parameters.stakeFloor, 0, TermsLib.MAX_STAKE_FLOOR);

        id = currentParametersId + 1;
        Terms terms = TermsLib.pack(parameters);
        (currentParametersId, _currentTerms) = (id, terms);
        _terms[id] = terms;
        emit ParametersSet(id, parameters);
    }
}
