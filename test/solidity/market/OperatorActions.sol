// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {OperatorRecord} from "../../../contracts/interfaces/IOperatorStaking.sol";
import {ModelVersionId} from "../../../contracts/types/Claim.sol";
import {JobStatus} from "../../../contracts/types/Job.sol";
import {MarketLedger} from "./MarketLedger.sol";
import {Record, RecordLib, Seat} from "./Record.sol";

/// @title OperatorActions
/// @notice Answers, commits and reveals in turn and out of turn, and stake that tries to leave.
abstract contract OperatorActions is MarketLedger {
    function answer(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickUnanswered();
        (address operator, address sender) = _pickOperator(record);
        bytes32 evidenceHash = bytes32(_pick(1000));
        bool isAllowed = _isTurnOf(record, operator) && sender == operator;
        bytes memory data = abi.encodeCall(MARKET.answer, (record.job, operator, RecordLib.OUTPUT, evidenceHash));
        (bool success, ) = _act(sender, address(MARKET), data, isAllowed, "an answer");
        if (success) _answer(record, operator, evidenceHash, 0);
    }

    function commit(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickUnanswered();
        (address operator, address sender) = _pickOperator(record);
        Seat memory seat = _pickSeat(record, operator);
        bool isAllowed = _isTurnOf(record, operator) && sender == operator;
        bytes memory data = abi.encodeCall(MARKET.commit, (record.job, operator, seat.commitment));
        (bool success, ) = _act(sender, address(MARKET), data, isAllowed, "a commit");
        if (!success) return;

        record.status = JobStatus.Committed;
        record.seat = seat;
        reservedOf[record.job.model][operator] += seat.bond;
        ++countOf["committed"];
    }

    function reveal(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(JobStatus.Committed);
        // Somebody else may try to reveal what the holder promised, under either name.
        (address operator, address sender) = _pickOperator(record);
        if (_pick(4) != 0) (operator, sender) = (record.seat.holder, record.seat.holder);
        _await(record.seat.until);
        bytes32 salt = _pick(6) == 0 ? bytes32(_pick(1000)) : record.seat.salt;
        bytes32 evidence = record.seat.evidenceHash;
        bool isAllowed =
            record.status == JobStatus.Committed &&
                (operator == record.seat.holder && sender == operator) &&
                salt == record.seat.salt &&
                block.timestamp < record.seat.until &&
                _isCovered(record, operator, record.seat.bond);
        bytes memory data = abi.encodeCall(MARKET.reveal, (record.job, operator, RecordLib.OUTPUT, evidence, salt));
        (bool success, ) = _act(sender, address(MARKET), data, isAllowed, "a reveal");
        if (!success) return;

        _answer(record, operator, evidence, record.seat.bond);
        ++countOf["revealed"];
    }

    function forfeit(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(JobStatus.Committed);
        _await(record.seat.until);
        address operator = _pick(6) == 0 ? _pickAccount() : record.seat.holder;
        address reporter = _pickAccount();
        bool isAllowed =
            record.status == JobStatus.Committed &&
                operator == record.seat.holder &&
                block.timestamp >= record.seat.until;
        bytes memory data = abi.encodeCall(MARKET.forfeit, (record.job, operator, record.seat.commitment));
        (bool success, ) = _act(reporter, address(MARKET), data, isAllowed, "a forfeit");
        if (!success) return;

        _slash(record.job.model, operator, record.seat.bond, reporter);
        record.status = JobStatus.Open;
        delete record.seat;
        ++countOf["forfeited"];
    }

    /// @notice Stake may leave when nothing is reserved against it, and come back.
    function stake(uint256 seed) external action(seed) {
        (address operator, ModelVersionId model, uint256 kind) = (_pickAccount(), _pickModel(), _pick(8));
        if (kind < 3) _thaw();
        if (kind == 3) STAKING.free(address(MARKET), model, operator);
        if (kind == 4) STAKING.activate(address(MARKET), model, operator);
        if (kind < 5) return;

        uint256 amount = (STAKING.freeOf(operator) + 1) / 2;
        if (amount == 0) kind = 7;
        VM.prank(operator);
        if (kind == 5) STAKING.allocate(address(MARKET), model, amount);
        if (kind == 6) STAKING.withdraw(amount, operator);
        if (kind == 7) STAKING.register(OperatorRecord(address(0), accounts[seed % ACCOUNTS], "", ""));
    }

    /// @dev Mostly where something is reserved, and then as much as may leave or one token more.
    function _thaw() internal {
        (uint256 start, bool isBold) = (_pick(ACCOUNTS * MODELS), _pick(4) != 0);
        (address operator, ModelVersionId model) = (accounts[start / MODELS], models[start % MODELS]);
        for (uint256 i = 0; isBold && i < ACCOUNTS * MODELS && reservedOf[model][operator] == 0; ++i) {
            (operator, model) = (accounts[i / MODELS], models[i % MODELS]);
        }
        (uint256 active, uint256 reserved) = (_activeOf(model, operator), reservedOf[model][operator]);
        uint256 amount = reserved == 0 ? _pick(active + 2) / 4 : active - reserved + _pick(2);
        bool isAllowed = amount != 0 && amount + reserved <= active;
        bytes memory data = abi.encodeCall(STAKING.thaw, (address(MARKET), model, amount));
        (bool success, ) = _act(operator, address(STAKING), data, isAllowed, "a thaw");
        if (success) ++countOf["thawed"];
        if (!success && amount <= active && amount != 0) ++countOf["reserved stake kept"];
    }

    function _answer(Record storage record, address operator, bytes32 evidenceHash, uint256 bond) internal {
        record.recordAnswer(operator, evidenceHash);
        uint256 reserved = reservedOf[record.job.model][operator] - bond + record.settlement.reserved;
        reservedOf[record.job.model][operator] = reserved;
        ++countOf["answered"];
    }

    /// @dev The sortition's slot is the market's word; vectors pin it elsewhere.
    function _isTurnOf(Record storage record, address operator) internal returns (bool) {
        if (record.status != JobStatus.Open) return false;
        try MARKET.slotOf(record.job, operator) returns (uint64 opensAt) {
            _expect(record.isSeedKnown(), "a slot came without a seed");
            bool isOpen = opensAt <= block.timestamp && block.timestamp < record.job.deadline;
            return isOpen && _isCovered(record, operator, 0);
        } catch {
            _expect(!record.isSeedKnown(), "a slot is missing");
            return false;
        }
    }

    /// @dev Whether the stake covers an answer now, once `bond` is released.
    function _isCovered(Record storage record, address operator, uint256 bond) internal view returns (bool) {
        uint256 reserved = reservedOf[record.job.model][operator] - bond;
        return reserved + record.reservation(record.feeNow()) <= _activeOf(record.job.model, operator);
    }

    function _activeOf(ModelVersionId model, address operator) internal view returns (uint256) {
        return STAKING.allocationOf(address(MARKET), model, operator).active;
    }

    function _pickSeat(Record storage record, address operator) internal returns (Seat memory seat) {
        seat.holder = operator;
        (seat.evidenceHash, seat.salt) = (bytes32(_pick(1000)), bytes32(_pick(1000)));
        bytes32 output = keccak256(RecordLib.OUTPUT);
        seat.commitment = MARKET.commitmentOf(record.id, operator, output, seat.evidenceHash, seat.salt);
        uint256 until = block.timestamp + record.parameters.seatSeconds;
        seat.until = until < record.job.deadline ? until : record.job.deadline;
        seat.bond = record.bond();
    }

    /// @dev Mostly a job that can still be answered.
    function _pickUnanswered() internal returns (Record storage record) {
        record = _pickRecord(JobStatus.Open);
        bool isPatient = _pick(6) != 0;
        for (uint256 i = _records.length; isPatient && i > 0; --i) {
            if (record.status == JobStatus.Open && block.timestamp < record.job.deadline) return record;
            record = _records[i - 1];
        }
    }

    /// @dev Mostly one whose turn it is or will soon be, in its own name.
    function _pickOperator(Record storage record) internal returns (address operator, address sender) {
        operator = _pickAccount();
        bool isPatient = _pick(6) != 0 && record.status == JobStatus.Open;
        for (uint256 i = 0; isPatient && i < ACCOUNTS && !_isTurnOf(record, operator); ++i) operator = accounts[i];
        if (isPatient && record.isSeedKnown()) _reach(MARKET.slotOf(record.job, operator));
        sender = _pick(10) == 0 ? _pickAccount() : operator;
    }
}
