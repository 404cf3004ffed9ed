// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAudits} from "./interfaces/IAudits.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {IOperatorStaking} from "./interfaces/IOperatorStaking.sol";
import {IStakeSource} from "./interfaces/IStakeSource.sol";
import {BlockSeed} from "./libraries/BlockSeed.sol";
import {Sortition} from "./libraries/Sortition.sol";
import {AuditId, AuditOrder, AuditRecord, AuditStatus} from "./types/Audit.sol";
import {Claim, ModelVersionId} from "./types/Claim.sol";
import {JobId, JobStatus} from "./types/Job.sol";

/// @title Audits
/// @notice Draws, holds liable and pays auditors. Holds no tokens, and has no owner, no pause and no upgrade.
contract Audits is IAudits {
    using SafeCast for uint256;

    /* CONSTANTS */

    uint32 internal constant PPM = 1_000_000;
    uint256 internal constant MAX_TAU = 3600;
    uint256 internal constant MAX_LIABILITY_RATIO_PPM = 1000 * uint256(PPM);
    uint256 internal constant MAX_LIABILITY_FLOOR = type(uint96).max;

    /* IMMUTABLES */

    /// @inheritdoc IAudits
    IJobMarket public immutable MARKET;
    /// @inheritdoc IAudits
    IEscrow public immutable ESCROW;
    /// @inheritdoc IAudits
    IOperatorStaking public immutable STAKING;
    /// @inheritdoc IAudits
    uint32 public immutable TAU;
    /// @inheritdoc IAudits
    uint32 public immutable CONFIRM_WINDOW;
    /// @inheritdoc IAudits
    uint32 public immutable LIABILITY_RATIO_PPM;
    /// @inheritdoc IAudits
    uint128 public immutable LIABILITY_FLOOR;

    /// @dev Seconds after an order in which a job that was not requested yet may still be.
    uint256 internal immutable REQUEST_WINDOW;

    /* STORAGE */

    mapping(AuditId id => AuditRecord) internal _audits;
    /// @inheritdoc IStakeSource
    mapping(ModelVersionId model => mapping(address auditor => uint256)) public reservedOf;

    /* CONSTRUCTOR */

    constructor(IJobMarket market, uint32 tau, uint32 confirmWindow, uint32 liabilityRatioPpm, uint128 liabilityFloor) {
        require(address(market) != address(0), ZeroAddress());
        _requireInRange("tau", tau, 1, MAX_TAU);
        // Every challengeable answer can be audited: a window to confirm in and another to refute in, and time to open.
        _requireInRange("confirmWindow", confirmWindow, 1, (market.MIN_CHALLENGE_WINDOW() - 1) / 2);
        // At least the reward itself, so that what can be paid can always be slashed.
        _requireInRange("liabilityRatioPpm", liabilityRatioPpm, PPM, MAX_LIABILITY_RATIO_PPM);
        _requireInRange("liabilityFloor", liabilityFloor, 0, MAX_LIABILITY_FLOOR);
        // Nobody can add stake after seeing the seed.
        uint64 activation = market.STAKING().ACTIVATION_DELAY();
        require(activation >= confirmWindow, DelayTooShort("ACTIVATION_DELAY", activation, confirmWindow));

        MARKET = market;
        ESCROW = market.ESCROW();
        STAKING = market.STAKING();
        TAU = tau;
        CONFIRM_WINDOW = confirmWindow;
        LIABILITY_RATIO_PPM = liabilityRatioPpm;
        LIABILITY_FLOOR = liabilityFloor;
        REQUEST_WINDOW = market.MAX_ANSWER_WINDOW();
    }

    /* ORDERING */

    /// @inheritdoc IAudits
    function order(JobId jobId, ModelVersionId model, uint32 ratePpm, uint128 reward) external returns (AuditId id) {
        require(reward != 0, ZeroReward());
        require(ratePpm != 0 && ratePpm <= PPM, RateOutOfRange(ratePpm, 1, PPM));
        JobStatus status = MARKET.statusOf(jobId);
        require(status <= JobStatus.Committed, TooLateToOrder(jobId, status));
        id = _idOf(AuditOrder(jobId, model, msg.sender, ratePpm, reward));
        require(_audits[id].status == AuditStatus.None, AuditExists(id));

        _audits[id] = AuditRecord(AuditStatus.Ordered, uint40(block.timestamp), 0, address(0));
        emit AuditOrdered(id, jobId, msg.sender, model, ratePpm, reward);

        ESCROW.debit(msg.sender, reward);
    }

    /* AUDITING */

    /// @inheritdoc IAudits
    function open(AuditOrder calldata order_, bytes calldata context) external {
        AuditId id = _idOf(order_);
        AuditStatus status = _audits[id].status;
        require(status == AuditStatus.Ordered, AuditNotOrdered(id, status));
        (bytes32 claimId, , uint64 challengeUntil) = _challengeable(order_, context);
        uint64 openUntil = challengeUntil - 2 * CONFIRM_WINDOW;
        require(block.timestamp < openUntil, TooLateToOpen(id, openUntil, _timestamp()));

        uint256 seedBlock = block.number + 1;
        _audits[id] = AuditRecord(AuditStatus.Opened, uint40(block.timestamp), uint48(seedBlock), address(0));
        emit AuditOpened(id, claimId, seedBlock, _timestamp() + CONFIRM_WINDOW);
    }

    /// @inheritdoc IAudits
    function confirm(AuditOrder calldata order_, address auditor, bytes calldata context) external {
        (AuditId id, AuditRecord memory audit) = _opened(order_);
        require(STAKING.mayActFor(auditor, msg.sender), NotAuditor(msg.sender, auditor));
        uint64 confirmUntil = _confirmUntil(audit);
        require(block.timestamp < confirmUntil, TooLateToConfirm(id, confirmUntil, _timestamp()));
        (, Claim memory claim, ) = _challengeable(order_, context);
        require(auditor != claim.operator, OwnAnswer(id, auditor));

        uint256 liability = _admit(id, order_, audit, auditor);
        (_audits[id].status, _audits[id].auditor) = (AuditStatus.Confirmed, auditor);
        reservedOf[order_.model][auditor] += liability;
        emit AuditConfirmed(id, auditor, liability);
    }

    /// @inheritdoc IAudits
    function settle(AuditOrder calldata order_) external {
        AuditId id = _idOf(order_);
        AuditRecord memory audit = _audits[id];
        JobStatus job = MARKET.statusOf(order_.jobId);

        if (audit.status == AuditStatus.Confirmed) {
            require(job == JobStatus.Final || job == JobStatus.Refuted, JobUndecided(order_.jobId, job));
            if (job == JobStatus.Final) _pay(id, order_, audit.auditor);
            else _slash(id, order_, audit.auditor);
            return;
        }
        if (audit.status == AuditStatus.Ordered) _requireUnaudited(id, order_.jobId, audit, job);
        else if (audit.status == AuditStatus.Opened) _requireUnconfirmed(id, order_, audit, job);
        else revert AuditNotPending(id, audit.status);

        _audits[id].status = AuditStatus.Returned;
        emit AuditReturned(id, order_.orderer, order_.reward);

        ESCROW.credit(order_.orderer, order_.reward);
    }

    /* VIEWS */

    /// @inheritdoc IAudits
    function auditId(AuditOrder calldata order_) external view returns (AuditId) {
        return _idOf(order_);
    }

    /// @inheritdoc IAudits
    function auditOf(AuditId id) external view returns (AuditRecord memory) {
        return _audits[id];
    }

    /// @inheritdoc IAudits
    function isDrawn(AuditOrder calldata order_) external view returns (bool) {
        (AuditId id, AuditRecord memory audit) = _opened(order_);
        return _isDrawn(_seedOf(id, audit), order_.ratePpm);
    }

    /// @inheritdoc IAudits
    function slotOf(AuditOrder calldata order_, address auditor) external view returns (uint64) {
        (AuditId id, AuditRecord memory audit) = _opened(order_);
        bytes32 seed = _seedOf(id, audit);
        if (!_isDrawn(seed, order_.ratePpm)) return type(uint64).max;

        (uint256 active, uint256 total) = STAKING.weightsOf(order_.model, auditor);
        uint256 reserved = reservedOf[order_.model][auditor];
        return _opensAt(audit, Sortition.draw(seed, auditor), active > reserved ? active - reserved : 0, total);
    }

    /// @inheritdoc IAudits
    function liabilityOf(uint128 reward) public view returns (uint256) {
        uint256 liability = (uint256(reward) * LIABILITY_RATIO_PPM) / PPM;
        return liability > LIABILITY_FLOOR ? liability : LIABILITY_FLOOR;
    }

    /* INTERNAL */

    /// @dev Whether the audit is drawn, and `auditor` may confirm it now, and with how much of its stake.
    function _admit(
        AuditId id,
        AuditOrder calldata order_,
        AuditRecord memory audit,
        address auditor
    ) internal view returns (uint256 liability) {
        bytes32 seed = _seedOf(id, audit);
        require(_isDrawn(seed, order_.ratePpm), NotDrawn(id));
        liability = liabilityOf(order_.reward);
        (uint256 active, uint256 total) = STAKING.weightsOf(order_.model, auditor);
        uint256 reserved = reservedOf[order_.model][auditor];
        require(active >= reserved + liability, InsufficientAuditorStake(auditor, active, reserved, liability));
        uint64 opensAt = _opensAt(audit, Sortition.draw(seed, auditor), active - reserved, total);
        require(block.timestamp >= opensAt, AuditSlotNotOpen(id, auditor, opensAt, _timestamp()));
    }

    function _pay(AuditId id, AuditOrder calldata order_, address auditor) internal {
        address payout = STAKING.payoutOf(auditor);
        _audits[id].status = AuditStatus.Paid;
        reservedOf[order_.model][auditor] -= liabilityOf(order_.reward);
        emit AuditPaid(id, auditor, payout, order_.reward);

        ESCROW.credit(payout, order_.reward);
    }

    /// @dev Nobody is rewarded: whoever ordered has its reward to gain by this call, and an auditor that could be the refuter of
    /// its own slash would lose less than it is liable for.
    function _slash(AuditId id, AuditOrder calldata order_, address auditor) internal {
        uint256 liability = liabilityOf(order_.reward);
        _audits[id].status = AuditStatus.Slashed;
        reservedOf[order_.model][auditor] -= liability;

        uint256 slashed = STAKING.slash(order_.model, auditor, liability, address(0), AuditId.unwrap(id));
        emit AuditSlashed(id, auditor, order_.orderer, slashed, order_.reward);
        ESCROW.credit(order_.orderer, order_.reward);
    }

    /// @dev A job that is never requested has no deadline. One that is ends by itself, or by `expire` or `forfeit`.
    function _requireUnaudited(AuditId id, JobId jobId, AuditRecord memory audit, JobStatus job) internal view {
        if (job == JobStatus.None) {
            uint64 requestUntil = uint64(audit.since + REQUEST_WINDOW);
            require(block.timestamp >= requestUntil, JobStillAwaited(id, requestUntil, _timestamp()));
            return;
        }
        require(job >= JobStatus.Final, JobUndecided(jobId, job));
    }

    /// @dev A seed that is lost before anybody confirmed is never drawn again: that would be a second chance.
    function _requireUnconfirmed(
        AuditId id,
        AuditOrder calldata order_,
        AuditRecord memory audit,
        JobStatus job
    ) internal view {
        uint64 confirmUntil = _confirmUntil(audit);
        if (block.timestamp >= confirmUntil || job == JobStatus.Refuted) return;
        bool drawn = _isDrawn(_seedOf(id, audit), order_.ratePpm);
        require(!drawn, ConfirmationAwaited(id, confirmUntil, _timestamp()));
    }

    function _challengeable(
        AuditOrder calldata order_,
        bytes calldata context
    ) internal view returns (bytes32 claimId, Claim memory claim, uint64 challengeUntil) {
        (claimId, claim, challengeUntil) = MARKET.challengeable(context);
        JobId jobId = JobId.wrap(claim.requestId);
        bool isOfJob = JobId.unwrap(jobId) == JobId.unwrap(order_.jobId);
        require(isOfJob, JobMismatch(jobId, order_.jobId));
        bool isOfModel = ModelVersionId.unwrap(claim.model) == ModelVersionId.unwrap(order_.model);
        require(isOfModel, ModelMismatch(claim.model, order_.model));
    }

    function _opened(AuditOrder calldata order_) internal view returns (AuditId id, AuditRecord memory audit) {
        id = _idOf(order_);
        audit = _audits[id];
        require(audit.status == AuditStatus.Opened, AuditNotOpened(id, audit.status));
    }

    /// @dev The block's hash, made the audit's own, so that audits opened in one block are drawn independently.
    function _seedOf(AuditId id, AuditRecord memory audit) internal view returns (bytes32) {
        uint256 seedBlock = audit.seedBlock;
        require(block.number > seedBlock, SeedNotReady(id, seedBlock, block.number));
        bytes32 hash = BlockSeed.hashOf(seedBlock);
        require(hash != 0, SeedUnavailable(id, seedBlock));
        return keccak256(abi.encode(hash, id));
    }

    function _opensAt(
        AuditRecord memory audit,
        uint256 draw,
        uint256 weight,
        uint256 totalWeight
    ) internal view returns (uint64) {
        if (weight == 0) return type(uint64).max;
        uint256 opensAt = audit.since + Sortition.wait(draw, TAU, weight, totalWeight);
        return opensAt < type(uint64).max ? opensAt.toUint64() : type(uint64).max;
    }

    function _confirmUntil(AuditRecord memory audit) internal view returns (uint64) {
        return uint64(audit.since) + CONFIRM_WINDOW;
    }

    function _isDrawn(bytes32 seed, uint32 ratePpm) internal pure returns (bool) {
        return uint256(seed) % PPM < ratePpm;
    }

    function _idOf(AuditOrder memory order_) internal view returns (AuditId) {
        return AuditId.wrap(keccak256(abi.encode(block.chainid, address(this), order_)));
    }

    function _requireInRange(string memory name, uint256 given, uint256 min, uint256 max) internal pure {
        require(min <= given && given <= max, ParameterOutOfRange(name, given, min, max));
    }

    function _timestamp() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
