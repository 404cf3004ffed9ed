// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IEscrow} from "../interfaces/IEscrow.sol";
import {Exposure, IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOperatorStaking} from "../interfaces/IOperatorStaking.sol";
import {IStakeSource} from "../interfaces/IStakeSource.sol";
import {Account} from "../libraries/Account.sol";
import {JobSlot, JobStage} from "../libraries/JobSlot.sol";
import {StructWords} from "../libraries/StructWords.sol";
import {Terms} from "../libraries/Terms.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {Job, JobId, JobStatus, Parameters, Settlement} from "../types/Job.sol";

/// @title JobBook
/// @notice What the market keeps, and how it is read.
abstract contract JobBook is IJobMarket, EIP712 {
    using StructWords for Claim;
    using StructWords for Job;
    using StructWords for Settlement;

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
    mapping(ModelVersionId model => mapping(address operator => Account)) internal _accounts;
    mapping(uint32 id => Terms) internal _terms;
    /// @inheritdoc IJobMarket
    uint256 public protocolFees;

    // slot 4
    /// @inheritdoc IJobMarket
    uint32 public currentParametersId;
    /// @inheritdoc IJobMarket
    bool public requestsPaused;
    Terms internal _currentTerms;

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
    function jobId(Job calldata job) external view returns (JobId) {
        return _idOf(job);
    }

    /// @inheritdoc IJobMarket
    function claimId(Claim calldata claim_) external view returns (bytes32) {
        return _hashTypedDataV4(claim_.hashStruct());
    }

    /// @inheritdoc IJobMarket
    function statusOf(JobId id) public view returns (JobStatus) {
        return _slots[id].status(block.timestamp);
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
        Account account = _accounts[model][operator];
        return Exposure(uint128(account.reserved()), uint128(account.earned()), uint128(account.protocolFee()));
    }

    /// @inheritdoc IStakeSource
    function reservedOf(ModelVersionId model, address operator) external view returns (uint256) {
        return _accounts[model][operator].reserved();
    }

    /// @inheritdoc IJobMarket
    function parametersOf(uint32 id) external view returns (Parameters memory) {
        return _terms[id].unpack();
    }

    /* INTERNAL */

    function _idOf(Job calldata job) internal view returns (JobId) {
        return JobId.wrap(job.hashTyped(_domainSeparatorV4()));
    }

    /// @dev The slot of an answered job, whatever became of the answer, checked to hold `settlement`.
    function _answeredSlot(JobId id, Settlement calldata settlement) internal view returns (JobSlot slot) {
        slot = _slots[id];
        if (!slot.isAnswered()) revert NotAnswered(id, statusOf(id));
        require(slot.holds(settlement.hashStruct(id)), SettlementMismatch(id));
    }

    function _requireClaim(Settlement calldata settlement, Claim calldata claim_) internal pure {
        bytes32 given = claim_.hashStruct();
        require(given == settlement.claimHash, ClaimMismatch(given, settlement.claimHash));
    }

    function _requireInRange(string memory name, uint256 given, uint256 min, uint256 max) internal pure {
        require(min <= given && given <= max, ParameterOutOfRange(name, given, min, max));
    }

    function _timestamp() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
