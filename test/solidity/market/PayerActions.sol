// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Job, JobId, JobStatus} from "../../../contracts/types/Job.sol";
import {MarketLedger} from "./MarketLedger.sol";
import {Record} from "./Record.sol";

/// @title PayerActions
/// @notice Requests of all kinds, honest or not, and payers' money in and out.
abstract contract PayerActions is MarketLedger {
    uint256 internal constant MAX_FEE = 10_000;

    function request(uint256 seed) external action(seed) {
        _request();
    }

    function requestFor(uint256 seed) external action(seed) {
        (Job memory job, bool isNew, bool isValid) = _pickJob();
        uint256 signer = _pick(ACCOUNTS);
        while (accounts[signer] != job.payer && _pick(4) != 0) signer = (signer + 1) % ACCOUNTS;
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_keys[signer], JobId.unwrap(MARKET.jobId(job)));
        bool isAllowed = isValid && (!isNew || accounts[signer] == job.payer);
        bytes memory data = abi.encodeCall(MARKET.requestFor, (job, "", abi.encodePacked(r, s, v)));
        (bool success, ) = _act(_pickAccount(), address(MARKET), data, isAllowed, "a signed request");
        if (success && isNew) _open(job);
        if (success && isNew) ++countOf["requested for another"];
    }

    function expire(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(JobStatus.Open);
        _await(record.job.deadline);
        bool isAllowed = record.status == JobStatus.Open && block.timestamp >= record.job.deadline;
        bytes memory data = abi.encodeCall(MARKET.expire, (record.job));
        (bool success, ) = _act(_pickAccount(), address(MARKET), data, isAllowed, "an expiry");
        if (!success) return;

        record.status = JobStatus.Expired;
        balanceOf[record.job.payer] += record.job.feeMax;
        ++countOf["expired"];
    }

    /// @notice Money that is not held for a job is its payer's to take at any time; anybody may add some.
    function fund(uint256 seed) external action(seed) {
        (address sender, address payer, bool isDeposit) = (_pickAccount(), _pickAccount(), _pick(2) == 0);
        uint256 amount = 1 + _pick(_pick(8) == 0 ? balanceOf[payer] + 2 : MAX_FEE);
        if (isDeposit) _deposit(sender, payer, amount);
        else _withdraw(payer, amount);
    }

    function _request() internal {
        (Job memory job, bool isNew, bool isValid) = _pickJob();
        address sender = _pick(8) == 0 ? _pickAccount() : job.payer;
        bytes memory data = abi.encodeCall(MARKET.request, (job, ""));
        (bool success, ) = _act(sender, address(MARKET), data, sender == job.payer && isValid, "a request");
        if (success && isNew) _open(job);
    }

    function _deposit(address sender, address payer, uint256 amount) internal {
        bool isAllowed = TOKEN.balanceOf(sender) >= amount;
        bytes memory data = abi.encodeCall(ESCROW.deposit, (payer, address(MARKET), amount));
        (bool success, ) = _act(sender, address(ESCROW), data, isAllowed, "a deposit");
        if (success) balanceOf[payer] += amount;
    }

    function _withdraw(address payer, uint256 amount) internal {
        bytes memory data = abi.encodeCall(ESCROW.withdraw, (address(MARKET), amount, payer));
        if (_pick(2) == 0) data = abi.encodeCall(ESCROW.move, (address(MARKET), payer, amount));
        (bool success, ) = _act(payer, address(ESCROW), data, amount <= balanceOf[payer], "a withdrawal");
        if (success) balanceOf[payer] -= amount;
    }

    /// @dev A job that was requested before, or a new one that is valid most of the time.
    function _pickJob() internal returns (Job memory job, bool isNew, bool isValid) {
        if (_records.length != 0 && _pick(6) == 0) return (_pickRecord(JobStatus.Final).job, false, true);

        job = _newJob();
        uint256 flaw = _pick(50);
        if (flaw == 0) job.deadline = uint64(block.timestamp);
        if (flaw == 1) job.deadline = uint64(block.timestamp + MAX_ANSWER_WINDOW + 1);
        if (flaw == 2) job.parametersId = uint32(_pick(_parameterSets.length));
        if (flaw == 3) job.feeMin = job.feeMax + 1;
        if (flaw == 4) job.challengeWindow = job.verifier == address(0) ? 1 : MIN_CHALLENGE_WINDOW - 1;
        bool isFlawed = flaw < 5 && !(flaw == 2 && job.parametersId == _parameterSets.length - 1);
        isValid = !isFlawed && !isPaused && job.feeMax <= balanceOf[job.payer];
        return (job, true, isValid);
    }

    function _newJob() internal returns (Job memory job) {
        job.payer = _pickAccount();
        job.model = _pickModel();
        job.inputHash = bytes32(_pick(1000));
        uint256 kind = _pick(8);
        if (kind != 0) job.verifier = kind == 1 ? address(ROGUE) : address(VERIFIER);
        job.feeMax = uint128(1 + _pick(MAX_FEE));
        job.feeMin = uint128(_pick(job.feeMax + 1));
        job.ramp = uint32(_pick(30));
        job.tau = uint32(1 + _pick(3));
        uint256 least = _pick(4) == 0 ? 1 : MAX_ANSWER_WINDOW / 2;
        job.deadline = uint64(block.timestamp + least + _pick(MAX_ANSWER_WINDOW - least + 1));
        uint256 spread = MAX_CHALLENGE_WINDOW - MIN_CHALLENGE_WINDOW;
        if (kind != 0) job.challengeWindow = uint32(MIN_CHALLENGE_WINDOW + _pick(spread + 1));
        job.parametersId = uint32(_parameterSets.length - 1);
        job.callbackGas = 1_000_000;
        if (_pick(2) == 0) job.callback = address(CALLBACK);
        job.salt = bytes32(_records.length + 1);
    }

    function _open(Job memory job) internal {
        balanceOf[job.payer] -= job.feeMax;
        Record storage record = _records.push();
        record.job = job;
        record.id = MARKET.jobId(job);
        record.parameters = _parameterSets[job.parametersId];
        (record.requestedAt, record.requestedBlock) = (block.timestamp, block.number);
        record.status = JobStatus.Open;
        _recordOf[record.id] = _records.length;
        ++countOf["requested"];
    }
}
