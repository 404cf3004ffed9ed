// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClaimSource} from "../../../contracts/interfaces/IClaimSource.sol";
import {TestVerifier} from "../../../contracts/mocks/TestVerifier.sol";
import {JobStatus} from "../../../contracts/types/Job.sol";
import {MarketLedger} from "./MarketLedger.sol";
import {Record} from "./Record.sol";

/// @title ChallengeActions
/// @notice Verifiers suspend, resume and refute: the accepted one, one that nobody accepted, and none at all.
abstract contract ChallengeActions is MarketLedger {
    function challenge(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        uint256 kind = _pick(8);
        if (kind == 0) _meddle();
        else if (kind < 5) _suspend();
        else _resume();
    }

    function refute(uint256 seed) external action(seed) {
        if (_records.length == 0) return;
        Record storage record = _pickRecord(_pick(2) == 0 ? JobStatus.Challenged : JobStatus.Answered);
        TestVerifier verifier = _pickVerifier();
        address refuter = _pickAccount();
        bool isAllowed = record.isChallengeable() && _isAccepted(record, verifier);
        bytes memory data = abi.encodeCall(verifier.refute, (MARKET, record.context()));
        if (record.status == JobStatus.Refuted) ++countOf["refuted again"];
        (bool success, ) = _act(refuter, address(verifier), data, isAllowed, "a refutation");
        if (success) _refute(record, refuter);
    }

    function _suspend() internal {
        Record storage record = _pickRecord(JobStatus.Answered);
        TestVerifier verifier = _pickVerifier();
        bool isAllowed = record.isChallengeable() && _isAccepted(record, verifier);
        bytes memory data = abi.encodeCall(verifier.suspend, (MARKET, record.context()));
        (bool success, ) = _act(_pickAccount(), address(verifier), data, isAllowed, "a suspension");
        if (!success) return;

        ++record.openChallenges;
        ++countOf["suspended"];
    }

    function _resume() internal {
        Record storage record = _pickRecord(JobStatus.Challenged);
        TestVerifier verifier = _pickVerifier();
        uint256 until = block.timestamp + _pick(2 * MAX_CHALLENGE_WINDOW);
        bool isAllowed = record.isChallengeable() && record.openChallenges != 0 && _isAccepted(record, verifier);
        bytes memory data = abi.encodeCall(verifier.resume, (MARKET, record.context(), uint64(until)));
        (bool success, ) = _act(_pickAccount(), address(verifier), data, isAllowed, "a resumption");
        if (!success) return;

        --record.openChallenges;
        uint256 latest = block.timestamp + MAX_CHALLENGE_WINDOW;
        if (until > latest) until = latest;
        if (until > record.finalAt) record.finalAt = until;
        ++countOf["resumed"];
    }

    /// @dev Without being a verifier, nobody gets anywhere.
    function _meddle() internal {
        Record storage record = _pickRecord(_pick(2) == 0 ? JobStatus.Challenged : JobStatus.Answered);
        (address sender, uint256 kind) = (_pickAccount(), _pick(3));
        bytes memory data = abi.encodeCall(IClaimSource.refute, (record.context(), sender));
        if (kind == 0) data = abi.encodeCall(IClaimSource.suspend, (record.context()));
        if (kind == 1) data = abi.encodeCall(IClaimSource.resume, (record.context(), uint64(block.timestamp)));
        _act(sender, address(MARKET), data, false, "a stranger's verdict");
    }

    function _isAccepted(Record storage record, TestVerifier verifier) internal view returns (bool) {
        return verifier == VERIFIER && record.job.verifier == address(VERIFIER);
    }

    function _pickVerifier() internal returns (TestVerifier) {
        return _pick(6) == 0 ? ROGUE : VERIFIER;
    }
}
