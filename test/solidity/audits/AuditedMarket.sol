// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IOperatorStaking} from "../../../contracts/interfaces/IOperatorStaking.sol";
import {Claim} from "../../../contracts/types/Claim.sol";
import {JobId, JobStatus} from "../../../contracts/types/Job.sol";

/// @title AuditedMarket
/// @notice What `Audits` asks of a market, with jobs that stand where they are put. A context is the job's id.
contract AuditedMarket {
    uint32 public constant MAX_ANSWER_WINDOW = 20;
    uint32 public constant MIN_CHALLENGE_WINDOW = 30;
    uint256 public constant CHALLENGE_WINDOW = 45;

    IEscrow public immutable ESCROW;
    IOperatorStaking public immutable STAKING;

    mapping(JobId id => JobStatus) internal _statuses;
    mapping(JobId id => Claim) internal _claims;
    mapping(JobId id => uint256) internal _challengeUntil;

    constructor(IEscrow escrow, IOperatorStaking staking) {
        ESCROW = escrow;
        STAKING = staking;
    }

    function put(JobId id, JobStatus status) external {
        _statuses[id] = status;
    }

    function answer(Claim calldata claim) external {
        JobId id = JobId.wrap(claim.requestId);
        _statuses[id] = JobStatus.Answered;
        _claims[id] = claim;
        _challengeUntil[id] = block.timestamp + CHALLENGE_WINDOW;
    }

    function statusOf(JobId id) public view returns (JobStatus) {
        if (_statuses[id] != JobStatus.Answered) return _statuses[id];
        return block.timestamp < _challengeUntil[id] ? JobStatus.Answered : JobStatus.Final;
    }

    function challengeable(bytes calldata context) external view returns (bytes32, Claim memory, uint64) {
        JobId id = abi.decode(context, (JobId));
        require(statusOf(id) == JobStatus.Answered, "not challengeable");
        return (keccak256(context), _claims[id], uint64(_challengeUntil[id]));
    }
}
