// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AuditId, AuditOrder, AuditRecord, AuditStatus} from "../types/Audit.sol";
import {ModelVersionId} from "../types/Claim.sol";
import {JobId, JobStatus} from "../types/Job.sol";
import {IEscrow} from "./IEscrow.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {IOperatorStaking} from "./IOperatorStaking.sol";
import {IStakeSource} from "./IStakeSource.sol";

/// @title IAudits
/// @notice Paid audits of jobs' answers, drawn at random after the answer is on-chain (docs/protocol/economics.md).
/// @dev Whoever orders has a balance in `ESCROW` with this contract as the spender; auditors allocate stake in `STAKING` with
/// this contract as the source. An auditor that finds the answer wrong does not come here: it refutes it, and earns the
/// refuter's share. All times are half-open: `[start, end)`.
/// @dev Warning: an operator may have other addresses. Excluding its own from auditing is a fence, not a wall.
interface IAudits is IStakeSource {
    /* EVENTS */

    event AuditOrdered(
        AuditId indexed id,
        JobId indexed jobId,
        address indexed orderer,
        ModelVersionId model,
        uint32 ratePpm,
        uint128 reward
    );
    /// @notice The hash of block `seedBlock` draws; who is drawn may confirm until `confirmUntil`.
    event AuditOpened(AuditId indexed id, bytes32 indexed claimId, uint256 seedBlock, uint64 confirmUntil);
    /// @notice `auditor` vouches for the answer; `liability` of its stake is reserved.
    event AuditConfirmed(AuditId indexed id, address indexed auditor, uint256 liability);
    /// @notice `auditor` earned `reward`, credited to `payout` in the escrow.
    event AuditPaid(AuditId indexed id, address indexed auditor, address indexed payout, uint128 reward);
    /// @notice `auditor` vouched for a wrong answer and lost `slashed`; `orderer` got `refund` back.
    event AuditSlashed(
        AuditId indexed id,
        address indexed auditor,
        address indexed orderer,
        uint256 slashed,
        uint128 refund
    );
    /// @notice Nobody earned the reward; `orderer` got `refund` back.
    event AuditReturned(AuditId indexed id, address indexed orderer, uint128 refund);

    /* ERRORS */

    error ZeroAddress();
    error ZeroReward();
    error RateOutOfRange(uint32 ratePpm, uint32 min, uint32 max);
    error AuditExists(AuditId id);
    error AuditNotOrdered(AuditId id, AuditStatus status);
    error AuditNotOpened(AuditId id, AuditStatus status);
    /// @notice There is nothing to settle: never ordered, or settled before.
    error AuditNotPending(AuditId id, AuditStatus status);
    /// @notice An audit is ordered before there is an answer, so that nobody picks which answers to have drawn.
    error TooLateToOrder(JobId jobId, JobStatus status);
    error TooLateToOpen(AuditId id, uint64 openUntil, uint64 timestamp);
    error TooLateToConfirm(AuditId id, uint64 confirmUntil, uint64 timestamp);
    error JobMismatch(JobId given, JobId expected);
    error ModelMismatch(ModelVersionId given, ModelVersionId expected);
    error SeedNotReady(AuditId id, uint256 seedBlock, uint256 blockNumber);
    error SeedUnavailable(AuditId id, uint256 seedBlock);
    error NotDrawn(AuditId id);
    error NotAuditor(address caller, address auditor);
    error OwnAnswer(AuditId id, address operator);
    error AuditSlotNotOpen(AuditId id, address auditor, uint64 opensAt, uint64 timestamp);
    error InsufficientAuditorStake(address auditor, uint256 active, uint256 reserved, uint256 needed);
    /// @notice The job may still be requested until `requestUntil`.
    error JobStillAwaited(AuditId id, uint64 requestUntil, uint64 timestamp);
    /// @notice The job is neither final, refuted nor expired.
    error JobUndecided(JobId jobId, JobStatus status);
    /// @notice It is drawn, and an auditor may confirm until `confirmUntil`.
    error ConfirmationAwaited(AuditId id, uint64 confirmUntil, uint64 timestamp);
    error ParameterOutOfRange(string name, uint256 given, uint256 min, uint256 max);
    error DelayTooShort(string name, uint256 given, uint256 needed);

    /* IMMUTABLES AND CONSTANTS */

    /// @notice The one market whose answers are audited: what it says of a job decides over rewards and stake.
    function MARKET() external view returns (IJobMarket);
    function ESCROW() external view returns (IEscrow);
    function STAKING() external view returns (IOperatorStaking);
    /// @notice Mean seconds until the first auditor's slot, and mean head start of the first over the second.
    function TAU() external view returns (uint32);
    /// @notice Seconds from the opening in which an auditor may confirm; as many are left after them to refute it.
    function CONFIRM_WINDOW() external view returns (uint32);
    /// @notice Stake reserved per reward, in parts per million (1_000_000 = the reward itself).
    function LIABILITY_RATIO_PPM() external view returns (uint32);
    /// @notice Least stake reserved per confirmation, in token units.
    function LIABILITY_FLOOR() external view returns (uint128);

    /* ORDERING */

    /// @notice Puts `reward` of the caller's escrow aside to have the answer of `jobId` audited with probability `ratePpm`.
    /// The job may not be answered yet, and need not be requested yet.
    /// @dev Each caller may order its own audits of one job: nobody can take another's place.
    function order(JobId jobId, ModelVersionId model, uint32 ratePpm, uint128 reward) external returns (AuditId id);

    /* AUDITING */

    /// @notice Lets the next block's hash decide whether the answer is audited, and by whom. Anybody may call, once, while
    /// twice `CONFIRM_WINDOW` is left of the challenge window.
    /// @param context The market's own: `abi.encode(Settlement, Claim)`.
    function open(AuditOrder calldata order_, bytes calldata context) external;

    /// @notice `auditor`, whose slot must be open, vouches that it recomputed the claim in `context` and found it right.
    /// Its `liabilityOf(reward)` stays reserved until the job is decided. The auditor itself or its registered signer.
    function confirm(AuditOrder calldata order_, address auditor, bytes calldata context) external;

    /// @notice Ends an audit: pays who confirmed a final answer, slashes who confirmed a refuted one, else returns the reward.
    /// Anybody may call.
    function settle(AuditOrder calldata order_) external;

    /* VIEWS */

    function auditId(AuditOrder calldata order_) external view returns (AuditId);
    function auditOf(AuditId id) external view returns (AuditRecord memory);
    /// @notice Whether an opened audit is drawn: keccak256(abi.encode(seed, id)) mod 1,000,000 < ratePpm.
    function isDrawn(AuditOrder calldata order_) external view returns (bool);
    /// @notice Unix time in seconds from which `auditor` may confirm an opened audit, by today's weights;
    /// `type(uint64).max` for never.
    function slotOf(AuditOrder calldata order_, address auditor) external view returns (uint64);
    /// @notice Stake reserved against a confirmation that earns `reward`.
    function liabilityOf(uint128 reward) external view returns (uint256);
}
