// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Escrow} from "../../../contracts/Escrow.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Method} from "../../../contracts/interfaces/IModelRegistry.sol";
import {JobMarket} from "../../../contracts/JobMarket.sol";
import {HostileCallback} from "../../../contracts/mocks/HostileCallback.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {TestVerifier} from "../../../contracts/mocks/TestVerifier.sol";
import {ModelRegistry} from "../../../contracts/ModelRegistry.sol";
import {OperatorStaking} from "../../../contracts/OperatorStaking.sol";
import {ModelId, ModelVersionId} from "../../../contracts/types/Claim.sol";
import {Parameters} from "../../../contracts/types/Job.sol";
import {Harness} from "../Harness.sol";

/// @title MarketWorld
/// @notice A market with everything real around it, and four accounts that each pay, answer, relay and refute.
abstract contract MarketWorld is Harness {
    uint256 public constant ACCOUNTS = 4;
    uint256 public constant MODELS = 2;
    uint32 internal constant MAX_ANSWER_WINDOW = 60;
    uint32 internal constant MIN_CHALLENGE_WINDOW = 10;
    uint32 internal constant MAX_CHALLENGE_WINDOW = 60;
    uint256 internal constant REWARD_PPM = 300_000;
    uint256 internal constant SUPPLY = 1_000_000;
    uint256 internal constant BUDGET = 60_000;
    /// @dev Small beside what a few answers reserve, so that operators run out of stake.
    uint256 internal constant STAKE = 40_000;

    TestToken public immutable TOKEN;
    Escrow public immutable ESCROW;
    OperatorStaking public immutable STAKING;
    ModelRegistry public immutable REGISTRY;
    IJobMarket public immutable MARKET;
    /// @notice Verifier that both models accept.
    TestVerifier public immutable VERIFIER;
    /// @notice Verifier that a requester brings along and no model accepts.
    TestVerifier public immutable ROGUE;
    HostileCallback public immutable CALLBACK;

    ModelVersionId[MODELS] public models;

    address[ACCOUNTS] public accounts;
    uint256[ACCOUNTS] internal _keys;
    uint256 internal _now = 1_700_000_000;
    uint256 internal _block = 1_000;
    uint256 internal _entropy;

    /// @dev One transaction in a block of its own. The runner may forget a warp, so every action sets the clock.
    modifier action(uint256 seed) {
        _entropy = uint256(keccak256(abi.encode(seed, _block)));
        _advance(_pick(3), 1);
        _;
    }

    constructor() {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            _keys[i] = uint256(keccak256(abi.encode("account", i)));
            accounts[i] = VM.addr(_keys[i]);
        }
        _advance(0, 0);
        AccessManager manager = new AccessManager(address(this));
        TOKEN = new TestToken();
        ESCROW = new Escrow(TOKEN);
        STAKING = new OperatorStaking(TOKEN, MAX_ANSWER_WINDOW, MAX_CHALLENGE_WINDOW, REWARD_PPM);
        REGISTRY = new ModelRegistry(address(manager));
        VERIFIER = new TestVerifier();
        ROGUE = new TestVerifier();
        CALLBACK = new HostileCallback();
        MARKET = new JobMarket(
            ESCROW,
            STAKING,
            REGISTRY,
            address(manager),
            MAX_ANSWER_WINDOW,
            MIN_CHALLENGE_WINDOW,
            MAX_CHALLENGE_WINDOW,
            firstParameters()
        );
        _publish();
        for (uint256 i = 0; i < ACCOUNTS; ++i) _fund(accounts[i]);
        _advance(STAKING.ACTIVATION_DELAY(), 1);
        for (uint256 i = 0; i < ACCOUNTS * MODELS; ++i) {
            STAKING.activate(address(MARKET), models[i % MODELS], accounts[i / MODELS]);
        }
    }

    /// @notice Sets the clock of whoever reads the world after an action.
    function time() external view returns (uint256 timestamp, uint256 number) {
        return (_now, _block);
    }

    function firstParameters() internal pure returns (Parameters memory) {
        return
            Parameters({
                protocolFeePpm: 20_000,
                stakeRatioPpm: 2_000_000,
                commitBondPpm: 100_000,
                seatSeconds: 10,
                stakeFloor: 100
            });
    }

    function _publish() internal {
        REGISTRY.approveVerifier(address(VERIFIER));
        ModelId id = REGISTRY.create("model", "model");
        Method[] memory methods = new Method[](1);
        methods[0] = Method({verifier: address(VERIFIER), root: "root", data: ""});
        for (uint256 i = 0; i < MODELS; ++i) models[i] = REGISTRY.publish(id, bytes32(i + 1), "", methods);
    }

    function _fund(address owner) internal {
        TOKEN.mint(owner, SUPPLY);
        VM.prank(owner);
        TOKEN.approve(address(ESCROW), type(uint256).max);
        VM.prank(owner);
        TOKEN.approve(address(STAKING), type(uint256).max);
        VM.prank(owner);
        ESCROW.deposit(owner, address(MARKET), BUDGET);
        VM.prank(owner);
        STAKING.deposit(owner, MODELS * STAKE);
        for (uint256 i = 0; i < MODELS; ++i) {
            VM.prank(owner);
            STAKING.allocate(address(MARKET), models[i], STAKE);
        }
    }

    function _advance(uint256 duration, uint256 blocks) internal {
        VM.warp(_now += duration);
        VM.roll(_block += blocks);
    }

    /// @dev The next of an action's random numbers, in [0, limit).
    function _pick(uint256 limit) internal returns (uint256 picked) {
        picked = _entropy % limit;
        _entropy = uint256(keccak256(abi.encode(_entropy)));
    }

    function _pickAccount() internal returns (address) {
        return accounts[_pick(ACCOUNTS)];
    }

    function _pickModel() internal returns (ModelVersionId) {
        return models[_pick(MODELS)];
    }
}
