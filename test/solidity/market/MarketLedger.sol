// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelVersionId} from "../../../contracts/types/Claim.sol";
import {JobId, JobStatus, Parameters} from "../../../contracts/types/Job.sol";
import {MarketWorld} from "./MarketWorld.sol";
import {Record} from "./Record.sol";

/// @title MarketLedger
/// @notice A second set of books, kept from what the actors did and never from what the market says.
abstract contract MarketLedger is MarketWorld {
    /// @notice What payers have left in the escrow for the market.
    mapping(address payer => uint256) public balanceOf;
    /// @notice Tokens earned on a model and not yet collected.
    mapping(ModelVersionId model => mapping(address operator => uint256)) public earnedOf;
    /// @notice Stake at risk in open answers and commits.
    mapping(ModelVersionId model => mapping(address operator => uint256)) public reservedOf;
    /// @notice Rewards of those who refuted or reported a forfeit.
    mapping(address refuter => uint256) public rewardOf;
    /// @notice Tokens that the protocol earned and did not yet collect.
    uint256 public protocolFees;
    /// @notice Stake taken from operators.
    uint256 public slashed;
    /// @notice True while governance lets nobody request.
    bool public isPaused;

    /// @notice The first thing that went otherwise than it must; empty as long as all is well.
    string public fault;
    /// @notice How often something came about.
    mapping(string outcome => uint256) public countOf;

    Record[] internal _records;
    mapping(JobId id => uint256 indexPlusOne) internal _recordOf;
    /// @dev Parameter sets by their id; nothing has id zero.
    Parameters[] internal _parameterSets;

    constructor() {
        _parameterSets.push();
        _parameterSets.push(firstParameters());
        for (uint256 i = 0; i < ACCOUNTS; ++i) balanceOf[accounts[i]] = BUDGET;
    }

    /* READING */

    function recordCount() external view returns (uint256) {
        return _records.length;
    }

    function recordAt(uint256 index) external view returns (Record memory) {
        return _records[index];
    }

    /// @notice Where a job must stand at the time of the world, and when it becomes final if it is answered.
    function standingOf(uint256 index) external view returns (JobId id, JobStatus status, uint256 finalAt) {
        Record storage record = _records[index];
        return (record.id, record.statusAt(_now), record.finalAt);
    }

    function parameterSets() external view returns (Parameters[] memory) {
        return _parameterSets;
    }

    /// @notice Tokens held for jobs that are neither paid nor refunded.
    function held() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _records.length; ++i) {
            if (!_records[i].isTerminal()) sum += _records[i].job.feeMax;
        }
    }

    /* BOOKING */

    function _settle(Record storage record) internal {
        record.status = JobStatus.Final;
        (uint256 fee, uint256 protocolFee) = (record.settlement.fee, record.settlement.protocolFee);
        balanceOf[record.job.payer] += record.job.feeMax - fee - protocolFee;
        earnedOf[record.job.model][record.settlement.operator] += fee;
        reservedOf[record.job.model][record.settlement.operator] -= record.settlement.reserved;
        protocolFees += protocolFee;
        ++countOf["settled"];
    }

    function _refute(Record storage record, address refuter) internal {
        record.status = JobStatus.Refuted;
        balanceOf[record.job.payer] += record.job.feeMax;
        _slash(record.job.model, record.settlement.operator, record.settlement.reserved, refuter);
        ++countOf["refuted"];
    }

    /// @dev Stake that was reserved is there to be taken, all of it.
    function _slash(ModelVersionId model, address operator, uint256 amount, address refuter) internal {
        reservedOf[model][operator] -= amount;
        slashed += amount;
        rewardOf[refuter] += (amount * REWARD_PPM) / 1e6;
    }

    /* ACTING */

    /// @dev Calls as `sender`, and takes down `what` if the call succeeds and must not, or the other way round.
    function _act(
        address sender,
        address to,
        bytes memory data,
        bool isAllowed,
        string memory what
    ) internal returns (bool success, bytes memory result) {
        if (sender != address(this)) VM.prank(sender);
        (success, result) = to.call(data);
        _expect(success == isAllowed, string.concat(what, isAllowed ? " was refused" : " was let through"));
    }

    function _expect(bool isRight, string memory what) internal {
        if (!isRight && bytes(fault).length == 0) fault = what;
    }

    /// @dev Now and then lets the clock run to `moment`, or stops a second short of it, or overshoots by one.
    function _await(uint256 moment) internal {
        if (_pick(4) == 0) _reach(moment);
    }

    /// @dev The same at once, if `moment` is near.
    function _reach(uint256 moment) internal {
        if (moment <= block.timestamp || moment > block.timestamp + MAX_CHALLENGE_WINDOW) return;
        _advance(moment - block.timestamp - 1 + _pick(3), 1);
    }

    /// @dev One of the jobs, three times out of four one that stands at `status` if any does.
    function _pickRecord(JobStatus status) internal returns (Record storage) {
        uint256 start = _pick(_records.length);
        if (_pick(4) == 0) return _records[start];
        for (uint256 i = 0; i < _records.length; ++i) {
            Record storage record = _records[(start + i) % _records.length];
            if (record.statusAt(block.timestamp) == status && !(status == JobStatus.Final && record.isTerminal())) {
                return record;
            }
        }
        return _records[start];
    }
}
