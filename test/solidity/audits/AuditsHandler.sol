// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Audits} from "../../../contracts/Audits.sol";
import {Escrow} from "../../../contracts/Escrow.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {OperatorStaking} from "../../../contracts/OperatorStaking.sol";
import {AuditOrder, AuditRecord, AuditStatus} from "../../../contracts/types/Audit.sol";
import {Claim, ModelVersionId} from "../../../contracts/types/Claim.sol";
import {JobId, JobStatus} from "../../../contracts/types/Job.sol";
import {Harness} from "../Harness.sol";
import {AuditedMarket} from "./AuditedMarket.sol";

/// @title AuditsHandler
/// @notice Three accounts that order, audit and answer, and jobs that end in every way.
contract AuditsHandler is Harness {
    uint256 public constant ACCOUNTS = 3;
    uint256 public constant BUDGET = 20_000;
    ModelVersionId public constant MODEL = ModelVersionId.wrap("model");
    uint256 internal constant STAKE = 20_000;
    uint32 internal constant CONFIRM_WINDOW = 12;

    TestToken public immutable TOKEN;
    Escrow public immutable ESCROW;
    OperatorStaking public immutable STAKING;
    AuditedMarket public immutable MARKET;
    Audits public immutable AUDITS;

    address[ACCOUNTS] public accounts;
    /// @notice Stake taken from auditors, by what their liabilities were.
    uint256 public slashed;

    AuditOrder[] internal _orders;
    JobId[] internal _jobs;
    uint256 internal _now = 1_700_000_000;
    uint256 internal _block = 1_000;
    uint256 internal _entropy;

    /// @dev One transaction in a block of its own. The runner may forget a warp, so every action sets the clock.
    modifier action(uint256 seed) {
        _entropy = uint256(keccak256(abi.encode(seed, _block)));
        _advance(_pick(2), 1);
        _;
    }

    constructor() {
        _advance(0, 0);
        TOKEN = new TestToken();
        ESCROW = new Escrow(TOKEN);
        STAKING = new OperatorStaking(TOKEN, CONFIRM_WINDOW, CONFIRM_WINDOW, 500_000);
        MARKET = new AuditedMarket(ESCROW, STAKING);
        AUDITS = new Audits(IJobMarket(address(MARKET)), 1, CONFIRM_WINDOW, 3_000_000, 500);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            accounts[i] = address(uint160(0xa1 + i));
            _fund(accounts[i]);
        }
        _advance(CONFIRM_WINDOW, 1);
        for (uint256 i = 0; i < ACCOUNTS; ++i) STAKING.activate(address(AUDITS), MODEL, accounts[i]);
        // As of the deployment there is something to audit.
        _jobs.push(JobId.wrap(keccak256("first")));
    }

    /* ACTIONS */

    function order(uint256 seed) external action(seed) {
        if (_pick(4) == 0) _jobs.push(JobId.wrap(keccak256(abi.encode(_entropy))));
        uint32[3] memory rates = [uint32(1), 500_000, 1_000_000];
        AuditOrder memory order_ = AuditOrder({
            jobId: _pickJob(JobStatus.None, JobStatus.Committed),
            model: MODEL,
            orderer: accounts[_pick(ACCOUNTS)],
            ratePpm: rates[_pick(3)],
            reward: uint128(1 + _pick(1_000))
        });
        VM.prank(order_.orderer);
        AUDITS.order(order_.jobId, order_.model, order_.ratePpm, order_.reward);
        _orders.push(order_);
    }

    function open(uint256 seed) external action(seed) {
        AuditOrder memory order_ = _pickOrder(AuditStatus.Ordered, JobStatus.Answered, JobStatus.Answered);
        AUDITS.open(order_, abi.encode(order_.jobId));
        _advance(1, 2);
    }

    function confirm(uint256 seed) external action(seed) {
        AuditOrder memory order_ = _pickOrder(AuditStatus.Opened, JobStatus.Answered, JobStatus.Answered);
        address auditor = accounts[_pick(ACCOUNTS)];
        VM.prank(auditor);
        AUDITS.confirm(order_, auditor, abi.encode(order_.jobId));
    }

    function settle(uint256 seed) external action(seed) {
        if (_pick(8) == 0) _advance(MARKET.CHALLENGE_WINDOW(), 1);
        AuditStatus status = _pick(2) == 0 ? AuditStatus.Confirmed : AuditStatus(1 + _pick(2));
        _settle(_pickOrder(status, JobStatus.Final, JobStatus.Expired));
    }

    /// @notice Takes a job a step further, and more often than not to where it can be audited.
    function decide(uint256 seed) external action(seed) {
        JobId id = _pickJob(JobStatus.None, JobStatus.Answered);
        JobStatus status = MARKET.statusOf(id);
        uint256 kind = _pick(4);
        if (status == JobStatus.None && kind == 0) MARKET.put(id, JobStatus.Open);
        else if (status == JobStatus.Open && kind == 0) MARKET.put(id, JobStatus.Expired);
        else if (status < JobStatus.Answered) _answer(id);
        else if (kind == 0) MARKET.put(id, JobStatus.Refuted);
    }

    function thaw(uint256 seed) external action(seed) {
        address auditor = accounts[_pick(ACCOUNTS)];
        VM.prank(auditor);
        STAKING.thaw(address(AUDITS), MODEL, 1 + _pick(STAKE / 20));
    }

    /// @notice Lets time pass, and now and then so many blocks that seeds are lost.
    function pass(uint256 seed) external action(seed) {
        _advance(_pick(4), _pick(12) == 0 ? 300 : _pick(20));
    }

    /// @notice Ends every job as its market would, and then every audit.
    function endAll() external {
        _advance(MARKET.CHALLENGE_WINDOW() + MARKET.MAX_ANSWER_WINDOW(), 1);
        for (uint256 i = 0; i < _jobs.length; ++i) {
            if (MARKET.statusOf(_jobs[i]) == JobStatus.Open) MARKET.put(_jobs[i], JobStatus.Expired);
        }
        for (uint256 i = 0; i < _orders.length; ++i) {
            if (statusAt(i) < AuditStatus.Paid) _settle(_orders[i]);
        }
    }

    /* READING */

    function orderCount() external view returns (uint256) {
        return _orders.length;
    }

    function orderAt(uint256 index) external view returns (AuditOrder memory) {
        return _orders[index];
    }

    function statusAt(uint256 index) public view returns (AuditStatus) {
        return _recordOf(_orders[index]).status;
    }

    /// @notice What open confirmations of `auditor` make it liable for.
    function liabilityOf(address auditor) external view returns (uint256 sum) {
        for (uint256 i = 0; i < _orders.length; ++i) {
            AuditRecord memory record = _recordOf(_orders[i]);
            bool isLiable = record.status == AuditStatus.Confirmed && record.auditor == auditor;
            if (isLiable) sum += AUDITS.liabilityOf(_orders[i].reward);
        }
    }

    /* INTERNAL */

    function _settle(AuditOrder memory order_) internal {
        bool isRefuted = MARKET.statusOf(order_.jobId) == JobStatus.Refuted;
        bool isConfirmed = _recordOf(order_).status == AuditStatus.Confirmed;
        AUDITS.settle(order_);
        if (isRefuted && isConfirmed) slashed += AUDITS.liabilityOf(order_.reward);
    }

    function _answer(JobId id) internal {
        Claim memory claim;
        (claim.requestId, claim.model) = (JobId.unwrap(id), MODEL);
        claim.operator = accounts[_pick(ACCOUNTS)];
        MARKET.answer(claim);
    }

    /// @dev One of the orders, that stands at `status` and whose job stands between `from` and `to` if any does. Now and then
    /// any at all, so that calls which must fail are made too.
    function _pickOrder(AuditStatus status, JobStatus from, JobStatus to) internal returns (AuditOrder memory) {
        uint256 start = _pick(_orders.length);
        if (_pick(8) == 0) return _orders[start];
        for (uint256 i = 0; i < _orders.length; ++i) {
            uint256 index = (start + i) % _orders.length;
            bool isWanted = statusAt(index) == status && _isBetween(_orders[index].jobId, from, to);
            if (isWanted) return _orders[index];
        }
        return _orders[start];
    }

    /// @dev One of the jobs, that stands between `from` and `to` if any does.
    function _pickJob(JobStatus from, JobStatus to) internal returns (JobId) {
        uint256 start = _pick(_jobs.length);
        for (uint256 i = 0; i < _jobs.length; ++i) {
            JobId id = _jobs[(start + i) % _jobs.length];
            if (_isBetween(id, from, to)) return id;
        }
        return _jobs[start];
    }

    function _isBetween(JobId id, JobStatus from, JobStatus to) internal view returns (bool) {
        JobStatus status = MARKET.statusOf(id);
        return from <= status && status <= to;
    }

    function _recordOf(AuditOrder memory order_) internal view returns (AuditRecord memory) {
        return AUDITS.auditOf(AUDITS.auditId(order_));
    }

    function _fund(address owner) internal {
        TOKEN.mint(owner, BUDGET + STAKE);
        VM.prank(owner);
        TOKEN.approve(address(ESCROW), type(uint256).max);
        VM.prank(owner);
        TOKEN.approve(address(STAKING), type(uint256).max);
        VM.prank(owner);
        ESCROW.deposit(owner, address(AUDITS), BUDGET);
        VM.prank(owner);
        STAKING.deposit(owner, STAKE);
        VM.prank(owner);
        STAKING.allocate(address(AUDITS), MODEL, STAKE);
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
}
