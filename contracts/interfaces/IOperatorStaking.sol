// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ModelVersionId} from "../types/Claim.sol";

/// @notice How an operator is reached and paid. Kept in events, except `signer` and `payout`, which contracts read.
struct OperatorRecord {
    /// Hot key that may answer in the operator's name; zero for none.
    address signer;
    /// Where earnings go; zero for the operator itself.
    address payout;
    /// X25519 public key for sealed requests (RFC 7748, 32 bytes); zero for none.
    bytes32 encryptionKey;
    /// Base URL of the operator's HTTP interface; may be empty.
    string endpoint;
}

/// @notice Stake that one operator put behind one model version in one source.
struct Allocation {
    /// Counts for sortition, may be reserved and slashed.
    uint128 active;
    /// Waits for its activation time; slashable.
    uint128 pending;
    /// Left the sortition, waits to be withdrawn; slashable until then.
    uint128 thawing;
    /// Unix time in seconds from which `pending` may be activated.
    uint64 activeAt;
    /// Unix time in seconds from which `thawing` may be withdrawn.
    uint64 thawedAt;
}

/// @title IOperatorStaking
/// @notice Operators' stake: deposit, allocate to (source, model) after a delay, thaw, withdraw; sources slash what was
/// allocated to them and nothing else.
/// @dev An operator trusts a source by allocating to it. Stake that is reserved cannot be thawed, stake that thaws can
/// still be slashed, a slash takes what is there and never reverts on the amount.
/// A source without code reserves nothing. A contract must answer `IStakeSource.reservedOf` within 100,000 gas when stake
/// is allocated and when it thaws: while it does not, its stake stays, because open claims may count on it.
interface IOperatorStaking {
    event OperatorRegistered(
        address indexed operator,
        address signer,
        address payout,
        bytes32 encryptionKey,
        string endpoint
    );
    /// @notice `operator` serves `model` and asks `price` token units per request; zero `price` with `serving` false ends it.
    event AskSet(address indexed operator, ModelVersionId indexed model, uint128 price, bool serving);
    event StakeDeposited(address indexed operator, address indexed from, uint256 amount);
    event StakeAllocated(
        address indexed operator,
        address indexed source,
        ModelVersionId indexed model,
        uint256 amount,
        uint256 pending,
        uint64 activeAt
    );
    event StakeActivated(
        address indexed operator,
        address indexed source,
        ModelVersionId indexed model,
        uint256 amount,
        uint256 active
    );
    event StakeThawed(
        address indexed operator,
        address indexed source,
        ModelVersionId indexed model,
        uint256 amount,
        uint256 thawing,
        uint64 thawedAt
    );
    /// @notice `amount` that had thawed returned to the operator's free stake.
    event StakeFreed(address indexed operator, address indexed source, ModelVersionId indexed model, uint256 amount);
    event StakeWithdrawn(address indexed operator, address indexed to, uint256 amount);
    /// @notice `source` took `slashed` of `requested`: `rewarded` goes to `refuter`, the rest is burned.
    event StakeSlashed(
        address indexed operator,
        address indexed source,
        ModelVersionId indexed model,
        bytes32 reason,
        address refuter,
        uint256 requested,
        uint256 slashed,
        uint256 rewarded
    );
    event RewardWithdrawn(address indexed refuter, address indexed to, uint256 amount);
    event StakeBurned(uint256 amount);

    error ZeroAmount();
    error ZeroAddress();
    error TokenAmountMismatch(uint256 received, uint256 expected);
    error InsufficientFreeStake(address operator, uint256 free, uint256 needed);
    /// @notice Only `active - reserved` may thaw.
    error InsufficientUnreservedStake(address operator, uint256 active, uint256 reserved, uint256 needed);
    error NothingPending(address operator);
    error ActivationTooEarly(uint64 activeAt, uint64 timestamp);
    error NothingThawing(address operator);
    error ThawTooEarly(uint64 thawedAt, uint64 timestamp);
    error SourceUnreadable(address source);
    error RewardTooHigh(uint256 rewardPpm, uint256 maxPpm);

    function TOKEN() external view returns (IERC20);
    /// @notice Seconds between allocation and activation; sources require it to cover their longest answer window.
    function ACTIVATION_DELAY() external view returns (uint64);
    /// @notice Seconds stake stays slashable after it left the sortition; sources require it to cover their longest dispute.
    function THAW_DELAY() external view returns (uint64);
    /// @notice Refuter's part of a slash, in parts per million, at most `MAX_REWARD_PPM`; the rest is burned.
    function REWARD_PPM() external view returns (uint256);
    function MAX_REWARD_PPM() external view returns (uint256);
    /// @notice Where burned stake is sent.
    function BURN_ADDRESS() external view returns (address);

    function freeOf(address operator) external view returns (uint256);
    function allocationOf(
        address source,
        ModelVersionId model,
        address operator
    ) external view returns (Allocation memory);
    /// @notice All active stake on `model` in `source`: the W of the sortition.
    function totalActive(address source, ModelVersionId model) external view returns (uint256);
    /// @notice Active stake of `operator` and of everybody on `model` in the calling source: what an answer needs, in one call.
    function weightsOf(ModelVersionId model, address operator) external view returns (uint256 active, uint256 total);
    /// @notice True if `account` may answer for `operator`: the operator itself or its registered signer.
    function mayActFor(address operator, address account) external view returns (bool);
    function payoutOf(address operator) external view returns (address);
    function rewardOf(address refuter) external view returns (uint256);
    /// @notice Slashed stake that waits to be burned.
    function unburned() external view returns (uint256);

    /// @notice Sets the caller's record. Its stake and claims are untouched.
    function register(OperatorRecord calldata operatorRecord) external;
    function setAsk(ModelVersionId model, uint128 price, bool serving) external;
    function deposit(address operator, uint256 amount) external;
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice Puts `amount` of the caller's free stake behind `model` in `source`; it counts after `ACTIVATION_DELAY`.
    /// @dev Restarts the delay of what is already pending there.
    function allocate(address source, ModelVersionId model, uint256 amount) external;
    /// @notice Activates what is pending and due. Anybody may call.
    function activate(address source, ModelVersionId model, address operator) external;
    /// @notice Takes `amount` of the caller's active, unreserved stake out of the sortition; it can leave after `THAW_DELAY`.
    /// @dev Restarts the delay of what already thaws there.
    function thaw(address source, ModelVersionId model, uint256 amount) external;
    /// @notice Returns what has thawed to `operator`'s free stake. Anybody may call.
    function free(address source, ModelVersionId model, address operator) external;
    function withdraw(uint256 amount, address to) external;
    /// @notice The calling source takes up to `amount` of what `operator` allocated to it on `model`: first active, then
    /// thawing, then pending.
    /// @return slashed What was taken: less than `amount` if there was less.
    function slash(
        ModelVersionId model,
        address operator,
        uint256 amount,
        address refuter,
        bytes32 reason
    ) external returns (uint256 slashed);
    function withdrawReward(address to) external;
    /// @notice Sends all slashed, unrewarded stake to `BURN_ADDRESS`. Anybody may call.
    function burn() external;
}
