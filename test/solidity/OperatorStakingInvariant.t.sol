// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Allocation} from "../../contracts/interfaces/IOperatorStaking.sol";
import {HookToken} from "../../contracts/mocks/HookToken.sol";
import {TestSource} from "../../contracts/mocks/TestSource.sol";
import {OperatorStaking} from "../../contracts/OperatorStaking.sol";
import {ModelVersionId} from "../../contracts/types/Claim.sol";
import {Harness} from "./Harness.sol";

/// @notice Three operators, one of them a token that re-enters; an honest source, and one without code or mercy.
contract OperatorStakingHandler is Harness {
    uint256 internal constant SUPPLY = 1_000_000;
    /// @dev Round amounts, few of them, so that those of nested calls are often equal.
    uint256 internal constant UNIT = 10_000;
    uint256 internal constant REWARD_PPM = 500_000;

    HookToken public immutable TOKEN;
    OperatorStaking public immutable STAKING;
    TestSource public immutable HONEST;

    /// @notice The token is the last; it acts in the middle of transfers, too.
    address[3] public operators;
    address[2] public sources;
    ModelVersionId[2] public models;
    /// @notice True once a slash reverted, or took or rewarded another amount than it had to.
    bool public isSlashWrong;
    /// @notice What the token kept although the staking contract sent it.
    uint256 public kept;

    bool internal _isTransferSkipped;
    uint256 internal _now = 1_000_000;

    /// @dev The runner forgets a warp after the call that made it.
    modifier atNow() {
        VM.warp(_now);
        _;
    }

    constructor() {
        TOKEN = new HookToken();
        STAKING = new OperatorStaking(TOKEN, 100, 200, REWARD_PPM);
        HONEST = new TestSource(STAKING);
        operators = [address(0xa1), address(0xa2), address(TOKEN)];
        sources = [address(HONEST), address(0xb1)];
        models = [ModelVersionId.wrap("first"), ModelVersionId.wrap("second")];
        for (uint256 i = 0; i < 3; ++i) {
            TOKEN.mint(operators[i], SUPPLY);
            VM.prank(operators[i]);
            TOKEN.approve(address(STAKING), type(uint256).max);
        }
        for (uint256 i = 0; i < 3; ++i) _stake(operators[i]);
    }

    function pass(uint256 time) external {
        _now += bound(time, 1, 150);
    }

    function deposit(uint256 from, uint256 operator, uint256 amount) external {
        VM.prank(_operator(from));
        STAKING.deposit(_operator(operator), UNIT * bound(amount, 1, 4));
        _isTransferSkipped = false;
    }

    function allocate(uint256 operator, uint256 source, uint256 model, uint256 amount) external atNow {
        address operator_ = _operator(operator);
        uint256 amount_ = bound(amount, 1, STAKING.freeOf(operator_) + 1);
        VM.prank(operator_);
        STAKING.allocate(_source(source), _model(model), amount_);
    }

    function activate(uint256 operator, uint256 source, uint256 model) external atNow {
        STAKING.activate(_source(source), _model(model), _operator(operator));
    }

    function thaw(uint256 operator, uint256 source, uint256 model, uint256 amount) external atNow {
        address operator_ = _operator(operator);
        uint256 active = allocationOf(_source(source), _model(model), operator_).active;
        uint256 amount_ = bound(amount, 1, active + 1);
        VM.prank(operator_);
        STAKING.thaw(_source(source), _model(model), amount_);
    }

    function free(uint256 operator, uint256 source, uint256 model) external atNow {
        STAKING.free(_source(source), _model(model), _operator(operator));
    }

    function withdraw(uint256 operator, uint256 to, uint256 amount) external {
        address operator_ = _operator(operator);
        uint256 amount_ = bound(amount, 1, STAKING.freeOf(operator_) + 1);
        VM.prank(operator_);
        STAKING.withdraw(amount_, _operator(to));
        _countSent(amount_);
    }

    /// @notice The honest source reserves like a market: up to what is active and unreserved.
    function reserve(uint256 operator, uint256 model, uint256 amount) external {
        (address operator_, ModelVersionId model_) = (_operator(operator), _model(model));
        HONEST.reserve(model_, operator_, bound(amount, 0, allocationOf(address(HONEST), model_, operator_).active));
    }

    /// @notice The honest source slashes like a market: what it reserved, which must then all be there.
    function slashReserved(uint256 operator, uint256 model, uint256 amount, uint256 refuter) external {
        (address operator_, ModelVersionId model_) = (_operator(operator), _model(model));
        uint256 reserved = HONEST.reservedOf(model_, operator_);
        uint256 amount_ = bound(amount, 0, reserved);
        HONEST.reserve(model_, operator_, reserved - amount_);
        _slash(address(HONEST), model_, operator_, amount_, amount_, _operator(refuter));
    }

    /// @notice The other source slashes whatever it likes.
    function slashAnything(uint256 operator, uint256 model, uint256 amount, uint256 refuter) external {
        (address operator_, ModelVersionId model_) = (_operator(operator), _model(model));
        Allocation memory allocation = allocationOf(sources[1], model_, operator_);
        uint256 all = uint256(allocation.active) + allocation.thawing + allocation.pending;
        _slash(sources[1], model_, operator_, amount, amount < all ? amount : all, _operator(refuter));
    }

    function withdrawReward(uint256 refuter, uint256 to) external {
        uint256 amount = STAKING.rewardOf(_operator(refuter));
        VM.prank(_operator(refuter));
        STAKING.withdrawReward(_operator(to));
        _countSent(amount);
    }

    function burn() external {
        uint256 amount = STAKING.unburned();
        STAKING.burn();
        _countSent(amount);
    }

    /// @notice Makes the next transfer re-enter, and perhaps lie about what it moved.
    function arm(uint256 kind, uint256 operator, uint256 model, uint256 amount, bool isTransferSkipped) external {
        (address operator_, ModelVersionId model_) = (_operator(operator), _model(model));
        amount = UNIT * bound(amount, 1, 4);
        bytes memory payload;
        if (kind % 7 == 0) payload = abi.encodeCall(STAKING.deposit, (operator_, amount));
        if (kind % 7 == 1) payload = abi.encodeCall(STAKING.withdraw, (amount, operator_));
        if (kind % 7 == 2) payload = abi.encodeCall(STAKING.withdrawReward, (operator_));
        if (kind % 7 == 3) payload = abi.encodeCall(STAKING.burn, ());
        if (kind % 7 == 4) payload = abi.encodeCall(STAKING.allocate, (sources[kind % 2], model_, amount));
        if (kind % 7 == 5) payload = abi.encodeCall(STAKING.thaw, (sources[kind % 2], model_, amount));
        if (kind % 7 == 6) payload = abi.encodeCall(STAKING.slash, (model_, operator_, amount, operator_, "hook"));
        TOKEN.arm(address(STAKING), payload, isTransferSkipped);
        _isTransferSkipped = isTransferSkipped;
    }

    /// @dev A transfer that reverted leaves the token armed for the next one.
    function disarm() external {
        TOKEN.arm(address(0), "", false);
        _isTransferSkipped = false;
    }

    function allocationOf(
        address source,
        ModelVersionId model,
        address operator
    ) public view returns (Allocation memory) {
        return STAKING.allocationOf(source, model, operator);
    }

    /// @dev Half free, the rest active, so that few calls are spent on getting there.
    function _stake(address operator) internal {
        VM.prank(operator);
        STAKING.deposit(operator, SUPPLY / 2);
        for (uint256 i = 0; i < 4; ++i) {
            VM.prank(operator);
            STAKING.allocate(sources[i / 2], models[i % 2], SUPPLY / 16);
        }
        VM.warp(_now += STAKING.ACTIVATION_DELAY());
        for (uint256 i = 0; i < 4; ++i) STAKING.activate(sources[i / 2], models[i % 2], operator);
    }

    function _slash(
        address source,
        ModelVersionId model,
        address operator,
        uint256 amount,
        uint256 expected,
        address refuter
    ) internal {
        uint256 rewardBefore = STAKING.rewardOf(refuter);
        VM.prank(source);
        try STAKING.slash(model, operator, amount, refuter, "reason") returns (uint256 slashed) {
            uint256 reward = STAKING.rewardOf(refuter) - rewardBefore;
            if (slashed != expected || reward != (expected * REWARD_PPM) / 1e6) isSlashWrong = true;
        } catch {
            isSlashWrong = true;
        }
    }

    function _countSent(uint256 amount) internal {
        if (_isTransferSkipped) kept += amount;
        _isTransferSkipped = false;
    }

    function _operator(uint256 seed) internal view returns (address) {
        return operators[seed % 3];
    }

    function _source(uint256 seed) internal view returns (address) {
        return sources[seed % 2];
    }

    function _model(uint256 seed) internal view returns (ModelVersionId) {
        return models[seed % 2];
    }
}

/// @notice Stake is always somebody's, at risk while it should be, and gone when it was slashed.
contract OperatorStakingInvariantTest is Harness {
    OperatorStakingHandler internal _handler;
    OperatorStaking internal _staking;

    function setUp() external {
        _handler = new OperatorStakingHandler();
        _staking = _handler.STAKING();
        target(address(_handler));
    }

    function invariant_thePartsOfTheStakeAddUpToTheTokensHeld() external view {
        uint256 parts = _staking.unburned();
        for (uint256 i = 0; i < 3; ++i) {
            address operator = _handler.operators(i);
            parts += _staking.freeOf(operator) + _staking.rewardOf(operator);
            for (uint256 j = 0; j < 4; ++j) {
                Allocation memory allocation = _allocation(j, operator);
                parts += uint256(allocation.active) + allocation.thawing + allocation.pending;
            }
        }

        uint256 held = _handler.TOKEN().balanceOf(address(_staking));
        assertEq(held, parts + _handler.kept(), "tokens held != parts");
    }

    function invariant_theTotalIsWhatIsActive() external view {
        for (uint256 j = 0; j < 4; ++j) {
            uint256 active = 0;
            for (uint256 i = 0; i < 3; ++i) active += _allocation(j, _handler.operators(i)).active;

            assertEq(_staking.totalActive(_handler.sources(j / 2), _handler.models(j % 2)), active, "total != active");
        }
    }

    function invariant_whatIsReservedIsActive() external view {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                address operator = _handler.operators(i);
                uint256 reserved = _handler.HONEST().reservedOf(_handler.models(j), operator);
                require(reserved <= _allocation(j, operator).active, "reserved > active");
            }
        }
    }

    function invariant_aSlashTakesWhatIsThereAndNeverReverts() external view {
        require(!_handler.isSlashWrong(), "slash was wrong");
    }

    /// @dev The allocation of `operator` to one of the four pairs of source and model.
    function _allocation(uint256 pair, address operator) internal view returns (Allocation memory) {
        return _handler.allocationOf(_handler.sources(pair / 2), _handler.models(pair % 2), operator);
    }
}
