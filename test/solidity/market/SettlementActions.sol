// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelVersionId} from "../../../contracts/types/Claim.sol";
import {JobId, JobStatus, Settlement} from "../../../contracts/types/Job.sol";
import {MarketLedger} from "./MarketLedger.sol";
import {Record, RecordLib} from "./Record.sol";

/// @title SettlementActions
/// @notice Everybody asks to be paid: early, twice, with other numbers, and in the middle of something else.
abstract contract SettlementActions is MarketLedger {
    uint256 internal constant MAX_CLAIMS = 6;

    function claim(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(_pick(2) == 0 ? JobStatus.Final : JobStatus.Answered);
        _await(record.finalAt);
        (Settlement memory settlement, bool isRight) = _pickSettlement(record);
        bytes memory data = abi.encodeCall(MARKET.claim, (record.id, settlement));
        bool isAllowed = isRight && record.isPayable();
        if (isRight && record.status == JobStatus.Final) ++countOf["claimed again"];
        (bool success, ) = _act(_pickAccount(), address(MARKET), data, isAllowed, "a claim");
        if (success) _settle(record);
    }

    function claimMany(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        uint256 length = _pick(MAX_CLAIMS + 1);
        (JobId[] memory ids, Settlement[] memory settlements) = (new JobId[](length), new Settlement[](length));
        uint256[] memory due = new uint256[](length);
        uint256 expected = 0;
        for (uint256 i = 0; i < length; ++i) {
            Record storage record = _pickRecord(JobStatus.Final);
            bool isRight;
            (settlements[i], isRight) = _pickSettlement(record);
            ids[i] = record.id;
            uint256 indexPlusOne = _recordOf[record.id];
            if (!isRight || !record.isPayable()) continue;
            if (_contains(due, indexPlusOne)) ++countOf["claimed twice in a list"];
            else due[expected++] = indexPlusOne;
        }
        bytes memory data = abi.encodeCall(MARKET.claimMany, (ids, settlements));
        (bool success, bytes memory result) = _act(_pickAccount(), address(MARKET), data, true, "a list of claims");
        if (!success) return;

        _expect(abi.decode(result, (uint256)) == expected, "a list settled another number");
        for (uint256 i = 0; i < expected; ++i) _settle(_records[due[i] - 1]);
    }

    /// @notice Lists may name a model more than once.
    function collect(uint256 seed) external action(seed) {
        address operator = _pickAccount();
        ModelVersionId[] memory list = new ModelVersionId[](_pick(5));
        uint256 expected = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _pickModel();
            expected += earnedOf[list[i]][operator];
            earnedOf[list[i]][operator] = 0;
        }
        address payout = STAKING.payoutOf(operator);
        uint256 before = TOKEN.balanceOf(payout);
        bytes memory data = abi.encodeCall(MARKET.collect, (operator, list));
        (bool success, bytes memory result) = _act(_pickAccount(), address(MARKET), data, true, "a collection");
        if (!success) return;

        _expect(abi.decode(result, (uint256)) == expected, "another amount was collected");
        _expect(TOKEN.balanceOf(payout) == before + expected, "another amount was paid out");
        if (expected != 0) ++countOf["collected"];
    }

    /// @notice The callback claims a job in the middle of its delivery, its own or another.
    function deliver(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(_pick(2) == 0 ? JobStatus.Final : JobStatus.Answered);
        Record storage nested = _pick(2) == 0 ? record : _pickRecord(JobStatus.Final);
        bool isNestedAllowed = nested.isPayable();
        CALLBACK.setReentry(address(MARKET), abi.encodeCall(MARKET.claim, (nested.id, nested.settlement)));

        bytes memory output = _pick(8) == 0 ? bytes("other") : RecordLib.OUTPUT;
        bool isAnswered = record.status == JobStatus.Answered || record.status == JobStatus.Final;
        bool isAllowed = isAnswered && record.job.callback != address(0) && output.length != 5;
        bytes memory data = abi.encodeCall(MARKET.deliver, (record.settlement, record.claim, output));
        (bool success, bytes memory result) = _act(_pickAccount(), address(MARKET), data, isAllowed, "a delivery");
        if (!success) return;

        _expect(abi.decode(result, (bool)), "a callback failed");
        _expect(CALLBACK.isReentered() == isNestedAllowed, "a claim from within went otherwise");
        if (CALLBACK.isReentered()) _settle(nested);
        if (CALLBACK.isReentered()) ++countOf["claimed from within"];
        ++countOf["delivered"];
    }

    /// @dev The job's settlement, or one that would pay somebody more.
    function _pickSettlement(Record storage record) internal returns (Settlement memory settlement, bool isRight) {
        settlement = record.settlement;
        uint256 lie = _pick(12);
        if (lie == 0) ++settlement.fee;
        if (lie == 1) settlement.operator = address(this);
        if (lie == 2) ++settlement.escrowed;
        if (lie == 3) settlement = _records[_pick(_records.length)].settlement;
        isRight = keccak256(abi.encode(settlement)) == keccak256(abi.encode(record.settlement));
    }

    function _contains(uint256[] memory list, uint256 value) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == value) return true;
        return false;
    }
}
