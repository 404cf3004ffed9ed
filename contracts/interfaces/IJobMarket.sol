// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim, ModelVersionId} from "../types/Claim.sol";
import {Job, JobId, JobStatus, Parameters, Settlement} from "../types/Job.sol";
import {IClaimSource} from "./IClaimSource.sol";
import {IEscrow} from "./IEscrow.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IOperatorStaking} from "./IOperatorStaking.sol";
import {IStakeSource} from "./IStakeSource.sol";

/// @notice An operator's open liabilities and uncollected earnings on one model version.
struct Exposure {
    /// Stake reserved against open claims and commits.
    uint128 reserved;
    /// Tokens earned and not yet collected.
    uint128 earned;
    /// Protocol's part of the fees since the operator last collected; not yet in `JobMarket.protocolFees`.
    uint128 protocolFee;
}

/// @title IJobMarket
/// @notice On-chain jobs: request → (commit) → answer → challenge window → claim; or expire → refund.
/// @dev A job costs one storage slot in its whole life. All times are half-open: `[start, end)`.
interface IJobMarket is IClaimSource, IStakeSource {
    /* EVENTS */

    /// @notice A job was escrowed. `input` is the input itself, a pointer to it, or empty, as payer and operators agree.
    event JobRequested(JobId indexed id, address indexed payer, ModelVersionId indexed model, Job job, bytes input);
    /// @notice `operator` holds the seat until `seatUntil` with a sealed answer; `bond` of its stake is reserved.
    event JobCommitted(JobId indexed id, address indexed operator, bytes32 commitment, uint64 seatUntil, uint128 bond);
    /// @notice `operator` did not reveal and lost `slashed` of its commit bond; the seat is open again.
    event SeatForfeited(JobId indexed id, address indexed operator, uint128 bond, uint256 slashed);
    /// @notice `operator` answered. With `JobRequested` this is all of the claim and of its settlement.
    event JobAnswered(
        JobId indexed id,
        address indexed operator,
        bytes32 evidenceHash,
        uint128 fee,
        uint128 protocolFee,
        uint128 reserved,
        uint64 challengeUntil,
        bytes output
    );
    /// @notice A challenge was opened; `open` are open now.
    event JobSuspended(JobId indexed id, uint256 open);
    /// @notice A challenge was answered; `open` are still open and the job can be final from `finalAt`.
    event JobResumed(JobId indexed id, uint256 open, uint64 finalAt);
    /// @notice The operator earned its fee; the payer got back what was not used.
    event JobSettled(JobId indexed id, address indexed operator, uint128 fee, uint128 refund);
    /// @notice The answer was proven wrong; the payer got `refund` back.
    event JobRefuted(
        JobId indexed id,
        address indexed operator,
        address indexed refuter,
        uint128 refund,
        uint256 slashed
    );
    /// @notice Nobody answered in time; the payer got `refund` back.
    event JobExpired(JobId indexed id, uint128 refund);
    /// @notice The callback ran (`success`) or failed; it can be tried again.
    event CallbackAttempted(JobId indexed id, address indexed callback, bool success);
    event EarningsCollected(address indexed operator, ModelVersionId indexed model, address indexed to, uint256 amount);
    event ProtocolFeesCollected(address indexed to, uint256 amount);
    event ParametersSet(uint32 indexed id, Parameters parameters);
    event RequestsPaused(bool paused);

    /* ERRORS */

    error ZeroAddress();
    error RequestsArePaused();
    /// @notice A field of the job is wider than its type.
    error JobMalformed();
    error ParametersNotCurrent(uint32 given, uint32 current);
    error FeeRangeInvalid(uint128 feeMin, uint128 feeMax);
    error TauOutOfRange(uint32 tau, uint32 max);
    error DeadlineOutOfRange(uint64 deadline, uint64 earliest, uint64 latest);
    error ChallengeWindowOutOfRange(uint32 given, uint32 min, uint32 max);
    error NotPayer(address caller, address payer);
    error SignatureInvalid(address payer);
    error JobNotOpen(JobId id, JobStatus status);
    error DeadlinePassed(JobId id, uint64 deadline, uint64 timestamp);
    error DeadlineNotReached(JobId id, uint64 deadline, uint64 timestamp);
    error SeatTaken(JobId id, uint64 seatUntil);
    error SeatLost(JobId id, uint64 seatUntil, uint64 timestamp);
    error SeatNotExpired(JobId id, uint64 seatUntil, uint64 timestamp);
    error CommitmentMismatch(JobId id, bytes32 given);
    error NotOperator(address caller, address operator);
    error SlotNotOpen(JobId id, address operator, uint64 opensAt, uint64 timestamp);
    error SeedNotReady(JobId id, uint256 seedBlock, uint256 blockNumber);
    error SeedUnavailable(JobId id, uint256 seedBlock);
    error InsufficientStake(address operator, uint256 active, uint256 reserved, uint256 needed);
    error OutputTooLong(uint256 length, uint256 max);
    error SettlementMismatch(JobId id);
    error ClaimMismatch(bytes32 given, bytes32 expected);
    error NotAnswered(JobId id, JobStatus status);
    error NotRefuted(JobId id, JobStatus status);
    error NotFinal(JobId id, JobStatus status, uint64 finalAt, uint64 timestamp);
    error AlreadyFinal(JobId id, uint64 finalAt);
    error NotVerifier(address caller, address verifier);
    error VerifierNotAccepted(ModelVersionId model, address verifier);
    error NothingSuspended(JobId id);
    error TooManyChallenges(JobId id, uint256 max);
    error OutputMismatch(JobId id, bytes32 given, bytes32 expected);
    error NoCallback(JobId id);
    error InsufficientCallbackGas(uint256 available, uint256 needed);
    error AlreadySettled(JobId id);
    error LengthMismatch(uint256 ids, uint256 settlements);
    error ContextMalformed(uint256 length, uint256 expected);
    error ParameterOutOfRange(string name, uint256 given, uint256 min, uint256 max);
    error DelayTooShort(string name, uint256 given, uint256 needed);

    /* IMMUTABLES AND CONSTANTS */

    function ESCROW() external view returns (IEscrow);
    function STAKING() external view returns (IOperatorStaking);
    function REGISTRY() external view returns (IModelRegistry);
    function MAX_ANSWER_WINDOW() external view returns (uint32);
    function MIN_CHALLENGE_WINDOW() external view returns (uint32);
    function MAX_CHALLENGE_WINDOW() external view returns (uint32);
    function MAX_PROTOCOL_FEE_PPM() external view returns (uint32);

    /* REQUESTING */

    /// @notice Escrows `job.feeMax` of the caller's balance. Asking again for the same job changes and costs nothing.
    function request(Job calldata job, bytes calldata input) external returns (JobId id);

    /// @notice Like `request` for a job that its payer signed (EIP-712; ECDSA or ERC-1271); anybody may submit it.
    function requestFor(Job calldata job, bytes calldata input, bytes calldata signature) external returns (JobId id);

    /// @notice Refunds a job that nobody answered by its deadline. Anybody may call.
    function expire(Job calldata job) external;

    /* ANSWERING */

    /// @notice Answers for `operator`, whose slot must be open and whose stake must cover the reservation.
    function answer(Job calldata job, address operator, bytes calldata output, bytes32 evidenceHash) external;

    /// @notice Holds the seat for `operator` with `commitment` = `commitmentOf(...)`, so that a copied answer is worthless.
    function commit(Job calldata job, address operator, bytes32 commitment) external;

    /// @notice Opens the commitment and answers with it. Only the seat's holder, before `seatUntil`.
    function reveal(
        Job calldata job,
        address operator,
        bytes calldata output,
        bytes32 evidenceHash,
        bytes32 salt
    ) external;

    /// @notice Slashes the commit bond of a holder that did not reveal, and reopens the seat. Anybody may call.
    function forfeit(Job calldata job, address operator, bytes32 commitment) external;

    /* SETTLING */

    /// @notice Settles every job of the list that is final. Anybody may call.
    /// @return settled How many were settled; a job that is not final or was settled before is skipped, never an error.
    function claimMany(JobId[] calldata ids, Settlement[] calldata settlements) external returns (uint256 settled);

    /// @notice Settles one final job; reverts with the reason where `claimMany` would skip.
    function claim(JobId id, Settlement calldata settlement) external;

    /// @notice Pays what `operator` earned on `models` to its payout address, and moves the protocol's part of those fees to
    /// `protocolFees`. Anybody may call.
    function collect(address operator, ModelVersionId[] calldata models) external returns (uint256 amount);

    /// @notice Hands an answer to the job's callback, capped in gas. Anybody may call, as often as needed.
    /// @return success Whether the callback returned without reverting.
    function deliver(
        Settlement calldata settlement,
        Claim calldata claim_,
        bytes calldata output
    ) external returns (bool success);

    /* GOVERNANCE */

    /// @notice Adds a parameter set and makes it current for future jobs.
    function setParameters(Parameters calldata parameters) external returns (uint32 id);

    /// @notice Stops or resumes new requests; everything already requested goes on.
    function setRequestsPaused(bool paused) external;

    function collectProtocolFees(address to) external returns (uint256 amount);

    /* VIEWS */

    function jobId(Job calldata job) external view returns (JobId);
    /// @notice EIP-712 digest of `claim_` in this market's domain.
    function claimId(Claim calldata claim_) external view returns (bytes32);
    function statusOf(JobId id) external view returns (JobStatus);
    /// @notice True once the operator of a final job has been credited.
    function isSettled(JobId id) external view returns (bool);
    /// @notice Time from which an answered job is final if nothing is suspended; zero if it is not answered.
    function finalAt(JobId id) external view returns (uint64);
    /// @notice Fee at `timestamp`, before the protocol's part.
    function feeAt(Job calldata job, uint64 timestamp) external view returns (uint128);
    /// @notice Unix time in seconds from which `operator` may answer, by today's weights; `type(uint64).max` for never.
    function slotOf(Job calldata job, address operator) external view returns (uint64);
    /// @notice keccak256(abi.encode(chainId, market, id, operator, keccak256(output), evidenceHash, salt)).
    function commitmentOf(
        JobId id,
        address operator,
        bytes32 outputHash,
        bytes32 evidenceHash,
        bytes32 salt
    ) external view returns (bytes32);
    function exposureOf(ModelVersionId model, address operator) external view returns (Exposure memory);
    /// @notice What `collectProtocolFees` pays out: the protocol's part of each operator's fees up to its last `collect`.
    function protocolFees() external view returns (uint256);
    function parametersOf(uint32 id) external view returns (Parameters memory);
    function currentParametersId() external view returns (uint32);
    function requestsPaused() external view returns (bool);
}
