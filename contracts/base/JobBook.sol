// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IEscrow} from "../interfaces/IEscrow.sol";
import {Exposure, IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOperatorStaking} from "../interfaces/IOperatorStaking.sol";
import {IStakeSource} from "../interfaces/IStakeSource.sol";
import {CalldataHash} from "../libraries/CalldataHash.sol";
import {JobSlot, JobStage} from "../libraries/JobSlot.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {Job, JobId, JobStatus, Parameters, Settlement} from "../types/Job.sol";

/// @title JobBook
/// @notice What the market keeps, and how it is read.
abstract contract JobBook is IJobMarket, EIP712 {
    using CalldataHash for Claim;
    using CalldataHash for Job;
    using CalldataHash for Settlement;

    /* IMMUTABLES */

    /// @inheritdoc IJobMarket
    IEscrow public immutable ESCROW;
    /// @inheritdoc IJobMarket
    IOperatorStaking public immutable STAKING;
    /// @inheritdoc IJobMarket
    IModelRegistry public immutable REGISTRY;
    /// @inheritdoc IJobMarket
    uint32 public immutable MAX_ANSWER_WINDOW;
    /// @inheritdoc IJobMarket
    uint32 public immutable MIN_CHALLENGE_WINDOW;
    /// @inheritdoc IJobMarket
    uint32 public immutable MAX_CHALLENGE_WINDOW;

    /* STORAGE */

    mapping(JobId id => JobSlot) internal _slots;
    mapping(ModelVersionId model => mapping(address operator => Exposure)) internal _exposures;
    mapping(uint32 id => Parameters) internal _parameters;

    // slot 3
    /// @inheritdoc IJobMarket
    uint32 public currentParametersId;
    /// @inheritdoc IJobMarket
    bool public requestsPaused;
    /// Beside an id that is never zero, so that the first fee after a collection opens no new slot.
    uint128 internal _protocolFees;

    /* CONSTRUCTOR */

    constructor(
        IEscrow escrow,
        IOperatorStaking staking,
        IModelRegistry registry,
        uint32 maxAnswerWindow,
        uint32 minChallengeWindow,
        uint32 maxChallengeWindow
    ) EIP712("Assay JobMarket", "1") {
        require(address(escrow) != address(0), ZeroAddress());
        require(address(staking) != address(0), ZeroAddress());
        require(address(registry) != address(0), ZeroAddress());
        uint64 activation = staking.ACTIVATION_DELAY();
        require(activation >= maxAnswerWindow, DelayTooShort("ACTIVATION_DELAY", activation, maxAnswerWindow));
        uint64 thaw = staking.THAW_DELAY();
        require(thaw >= maxChallengeWindow, DelayTooShort("THAW_DELAY", thaw, maxChallengeWindow));
        _requireInRange("minChallengeWindow", minChallengeWindow, 1, maxChallengeWindow);

        ESCROW = escrow;
        STAKING = staking;
        REGISTRY = registry;
        MAX_ANSWER_WINDOW = maxAnswerWindow;
        MIN_CHALLENGE_WINDOW = minChallengeWindow;
        MAX_CHALLENGE_WINDOW = maxChallengeWindow;
    }

    /* VIEWS */

    /// @inheritdoc IJobMarket
    function jobId(Job calldata job) public view returns (JobId) {
        return JobId.wrap(_hashTypedDataV4(job.hashCalldata()));
    }

    /// @inheritdoc IJobMarket
    function claimId(Claim calldata claim_) external view returns (bytes32) {
        return _hashTypedDataV4(claim_.hashCalldata());
    }

    /// @inheritdoc IJobMarket
    function statusOf(JobId id) public view returns (JobStatus) {
        JobSlot slot = _slots[id];
        JobStage stage = slot.stage();
        if (stage == JobStage.None) return JobStatus.None;
        if (stage == JobStage.Open) return JobStatus.Open;
        if (stage == JobStage.Committed) return JobStatus.Committed;
        if (stage == JobStage.Settled) return JobStatus.Final;
        if (stage == JobStage.Refuted) return JobStatus.Refuted;
        if (stage == JobStage.Expired) return JobStatus.Expired;
        if (slot.openChallenges() != 0) return JobStatus.Challenged;
        return slot.isFinal(block.timestamp) ? JobStatus.Final : JobStatus.Answered;
    }

    /// @inheritdoc IJobMarket
    function isSettled(JobId id) external view returns (bool) {
        return _slots[id].stage() == JobStage.Settled;
    }

    /// @inheritdoc IJobMarket
    function finalAt(JobId id) external view returns (uint64) {
        JobSlot slot = _slots[id];
        return slot.isAnswered() ? slot.finalAt() : 0;
    }

    /// @inheritdoc IJobMarket
    function exposureOf(ModelVersionId model, address operator) external view returns (Exposure memory) {
        return _exposures[model][operator];
    }

    /// @inheritdoc IStakeSource
    function reservedOf(ModelVersionId model, address operator) external view returns (uint256) {
        return _exposures[model][operator].reserved;
    }

    /// @inheritdoc IJobMarket
    function protocolFees() external view returns (uint256) {
        return _protocolFees;
    }

    /// @inheritdoc IJobMarket
    function parametersOf(uint32 id) external view returns (Parameters memory) {
        return _parameters[id];
    }

    /* INTERNAL */

    /// @dev The slot of an answered job, whatever became of the answer, checked to hold `settlement`.
    function _answeredSlot(JobId id, Settlement calldata settlement) internal view returns (JobSlot slot) {
        slot = _slots[id];
        require(slot.isAnswered(), NotAnswered(id, statusOf(id)));
        require(slot.holds(settlement.hashCalldata(id)), SettlementMismatch(id));
    }

    function _requireClaim(Settlement calldata settlement, Claim calldata claim_) internal pure {
        bytes32 given = claim_.hashCalldata();
        require(given == settlement.claimHash, ClaimMismatch(given, settlement.claimHash));
    }

    function _requireInRange(string memory name, uint256 given, uint256 min, uint256 max) internal pure {
        require(min <= given && given <= max, ParameterOutOfRange(name, given, min, max));
    }

    function _timestamp() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
