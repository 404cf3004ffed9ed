// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Allocation, IOperatorStaking, OperatorRecord} from "./interfaces/IOperatorStaking.sol";
import {IStakeSource} from "./interfaces/IStakeSource.sol";
import {TokenTransfer} from "./libraries/TokenTransfer.sol";
import {ModelVersionId} from "./types/Claim.sol";

/// @title OperatorStaking
/// @notice Holds operators' stake. Has no owner, no pause and no upgrade.
contract OperatorStaking is IOperatorStaking, ReentrancyGuardTransient {
    using Math for uint256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using TokenTransfer for IERC20;

    /* CONSTANTS */

    /// @inheritdoc IOperatorStaking
    /// @dev At least half of every slash is lost, so slashing oneself is never a way to get stake out early.
    uint256 public constant MAX_REWARD_PPM = 500_000;
    /// @inheritdoc IOperatorStaking
    address public constant BURN_ADDRESS = 0x000000000000000000000000000000000000dEaD;

    uint256 internal constant PPM = 1_000_000;
    /// @dev Enough for a source that reads a few slots; what a source burns here, the operator that trusted it pays.
    uint256 internal constant RESERVED_GAS = 100_000;

    /* IMMUTABLES */

    /// @inheritdoc IOperatorStaking
    IERC20 public immutable TOKEN;
    /// @inheritdoc IOperatorStaking
    uint64 public immutable ACTIVATION_DELAY;
    /// @inheritdoc IOperatorStaking
    uint64 public immutable THAW_DELAY;
    /// @inheritdoc IOperatorStaking
    uint256 public immutable REWARD_PPM;

    /* STORAGE */

    /// @inheritdoc IOperatorStaking
    mapping(address operator => uint256) public freeOf;
    /// @inheritdoc IOperatorStaking
    mapping(address source => mapping(ModelVersionId model => uint256)) public totalActive;
    /// @inheritdoc IOperatorStaking
    mapping(address refuter => uint256) public rewardOf;
    /// @inheritdoc IOperatorStaking
    uint256 public unburned;

    mapping(address source => mapping(ModelVersionId model => mapping(address operator => Allocation)))
        internal _allocations;
    mapping(address operator => address) internal _signerOf;
    mapping(address operator => address) internal _payoutOf;

    /* CONSTRUCTOR */

    constructor(IERC20 token, uint64 activationDelay, uint64 thawDelay, uint256 rewardPpm) {
        require(address(token) != address(0), ZeroAddress());
        require(rewardPpm <= MAX_REWARD_PPM, RewardTooHigh(rewardPpm, MAX_REWARD_PPM));

        TOKEN = token;
        ACTIVATION_DELAY = activationDelay;
        THAW_DELAY = thawDelay;
        REWARD_PPM = rewardPpm;
    }

    /* RECORD */

    /// @inheritdoc IOperatorStaking
    function register(OperatorRecord calldata operatorRecord) external {
        _signerOf[msg.sender] = operatorRecord.signer;
        _payoutOf[msg.sender] = operatorRecord.payout;
        emit OperatorRegistered(
            msg.sender,
            operatorRecord.signer,
            operatorRecord.payout,
            operatorRecord.encryptionKey,
            operatorRecord.endpoint
        );
    }

    /// @inheritdoc IOperatorStaking
    function setAsk(ModelVersionId model, uint128 price, bool serving) external {
        emit AskSet(msg.sender, model, price, serving);
    }

    /* STAKE */

    /// @inheritdoc IOperatorStaking
    function deposit(address operator, uint256 amount) external nonReentrant {
        _deposit(operator, amount);
    }

    /// @inheritdoc IOperatorStaking
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external nonReentrant {
        TOKEN.tryPermit(msg.sender, amount, deadline, v, r, s);
        _deposit(msg.sender, amount);
    }

    /// @inheritdoc IOperatorStaking
    function allocate(address source, ModelVersionId model, uint256 amount) external {
        require(source != address(0), ZeroAddress());
        _takeFree(amount);
        // A contract that cannot say what it reserves could never be left again.
        _reservedOf(source, model, msg.sender);

        Allocation storage allocation = _allocations[source][model][msg.sender];
        uint128 pending = allocation.pending + amount.toUint128();
        uint64 activeAt = _timestamp() + ACTIVATION_DELAY;
        allocation.pending = pending;
        allocation.activeAt = activeAt;
        emit StakeAllocated(msg.sender, source, model, amount, pending, activeAt);
    }

    /// @inheritdoc IOperatorStaking
    function activate(address source, ModelVersionId model, address operator) external {
        Allocation storage allocation = _allocations[source][model][operator];
        (uint128 active, uint128 pending) = (allocation.active, allocation.pending);
        require(pending != 0, NothingPending(operator));
        uint64 activeAt = allocation.activeAt;
        require(activeAt <= block.timestamp, ActivationTooEarly(activeAt, _timestamp()));

        active += pending;
        (allocation.active, allocation.pending) = (active, 0);
        totalActive[source][model] += pending;
        emit StakeActivated(operator, source, model, pending, active);
    }

    /// @inheritdoc IOperatorStaking
    function thaw(address source, ModelVersionId model, uint256 amount) external {
        require(amount != 0, ZeroAmount());
        Allocation storage allocation = _allocations[source][model][msg.sender];
        uint256 active = allocation.active;
        uint256 reserved = _reservedOf(source, model, msg.sender);
        require(
            amount <= active.saturatingSub(reserved),
            InsufficientUnreservedStake(msg.sender, active, reserved, amount)
        );

        uint128 thawing = allocation.thawing + amount.toUint128();
        uint64 thawedAt = _timestamp() + THAW_DELAY;
        allocation.active = (active - amount).toUint128();
        (allocation.thawing, allocation.thawedAt) = (thawing, thawedAt);
        totalActive[source][model] -= amount;
        emit StakeThawed(msg.sender, source, model, amount, thawing, thawedAt);
    }

    /// @inheritdoc IOperatorStaking
    function free(address source, ModelVersionId model, address operator) external {
        Allocation storage allocation = _allocations[source][model][operator];
        (uint128 thawing, uint64 thawedAt) = (allocation.thawing, allocation.thawedAt);
        require(thawing != 0, NothingThawing(operator));
        require(thawedAt <= block.timestamp, ThawTooEarly(thawedAt, _timestamp()));

        allocation.thawing = 0;
        freeOf[operator] += thawing;
        emit StakeFreed(operator, source, model, thawing);
    }

    /// @inheritdoc IOperatorStaking
    function withdraw(uint256 amount, address to) external nonReentrant {
        require(to != address(0), ZeroAddress());

        _takeFree(amount);
        emit StakeWithdrawn(msg.sender, to, amount);

        TOKEN.safeTransfer(to, amount);
    }

    /* SLASHING */

    /// @inheritdoc IOperatorStaking
    function slash(
        ModelVersionId model,
        address operator,
        uint256 amount,
        address refuter,
        bytes32 reason
    ) external returns (uint256 slashed) {
        slashed = _take(model, operator, amount);
        uint256 rewarded = refuter == address(0) ? 0 : (slashed * REWARD_PPM) / PPM;
        if (rewarded != 0) rewardOf[refuter] += rewarded;
        if (slashed != 0) unburned += slashed - rewarded;
        emit StakeSlashed(operator, msg.sender, model, reason, refuter, amount, slashed, rewarded);
    }

    /// @inheritdoc IOperatorStaking
    function withdrawReward(address to) external nonReentrant {
        require(to != address(0), ZeroAddress());
        uint256 amount = rewardOf[msg.sender];
        require(amount != 0, ZeroAmount());

        rewardOf[msg.sender] = 0;
        emit RewardWithdrawn(msg.sender, to, amount);

        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IOperatorStaking
    function burn() external nonReentrant {
        uint256 amount = unburned;
        require(amount != 0, ZeroAmount());

        unburned = 0;
        emit StakeBurned(amount);

        TOKEN.safeTransfer(BURN_ADDRESS, amount);
    }

    /* VIEWS */

    /// @inheritdoc IOperatorStaking
    function allocationOf(
        address source,
        ModelVersionId model,
        address operator
    ) external view returns (Allocation memory) {
        return _allocations[source][model][operator];
    }

    /// @inheritdoc IOperatorStaking
    function weightsOf(ModelVersionId model, address operator) external view returns (uint256 active, uint256 total) {
        active = _allocations[msg.sender][model][operator].active;
        total = totalActive[msg.sender][model];
    }

    /// @inheritdoc IOperatorStaking
    function mayActFor(address operator, address account) external view returns (bool) {
        return account != address(0) && (account == operator || account == _signerOf[operator]);
    }

    /// @inheritdoc IOperatorStaking
    function payoutOf(address operator) external view returns (address) {
        address payout = _payoutOf[operator];
        return payout == address(0) ? operator : payout;
    }

    /* INTERNAL */

    function _deposit(address operator, uint256 amount) internal {
        require(amount != 0, ZeroAmount());
        require(operator != address(0), ZeroAddress());

        freeOf[operator] += amount;
        emit StakeDeposited(operator, msg.sender, amount);

        uint256 received = TOKEN.pull(msg.sender, amount);
        require(received == amount, TokenAmountMismatch(received, amount));
    }

    function _takeFree(uint256 amount) internal {
        require(amount != 0, ZeroAmount());
        uint256 available = freeOf[msg.sender];
        require(available >= amount, InsufficientFreeStake(msg.sender, available, amount));

        freeOf[msg.sender] = available - amount;
    }

    /// @dev Takes what there is of `amount` from the calling source's allocation: active, then thawing, then pending.
    function _take(ModelVersionId model, address operator, uint256 amount) internal returns (uint256 taken) {
        Allocation storage allocation = _allocations[msg.sender][model][operator];

        uint128 active = allocation.active;
        uint128 part = amount.min(active).toUint128();
        if (part != 0) {
            allocation.active = active - part;
            totalActive[msg.sender][model] -= part;
        }
        taken = part;
        if (taken == amount) return taken;

        uint128 thawing = allocation.thawing;
        part = (amount - taken).min(thawing).toUint128();
        if (part != 0) allocation.thawing = thawing - part;
        taken += part;
        if (taken == amount) return taken;

        uint128 pending = allocation.pending;
        part = (amount - taken).min(pending).toUint128();
        if (part != 0) allocation.pending = pending - part;
        taken += part;
    }

    /// @dev Fails closed: a source that cannot be trusted to answer could as well have slashed what it holds on to.
    function _reservedOf(address source, ModelVersionId model, address operator) internal view returns (uint256) {
        if (source.code.length == 0) return 0;
        (bool success, bytes memory result) = source.staticcall{gas: RESERVED_GAS}(
            abi.encodeCall(IStakeSource.reservedOf, (model, operator))
        );
        require(success && result.length >= 32, SourceUnreadable(source));

        return abi.decode(result, (uint256));
    }

    function _timestamp() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
