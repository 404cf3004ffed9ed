// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {BlockSeed} from "../libraries/BlockSeed.sol";
import {JobSlot, JobSlotLib, JobStage} from "../libraries/JobSlot.sol";
import {JobTerms} from "../libraries/JobTerms.sol";
import {Sortition} from "../libraries/Sortition.sol";
import {Claim} from "../types/Claim.sol";
import {Job, JobId, Parameters, Settlement} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobAnswers
/// @notice The operator's half of the market: whose turn it is, and what an answer is held to.
abstract contract JobAnswers is JobBook {
    using JobTerms for Job;
    using JobTerms for Parameters;
    using SafeCast for uint256;

    /// @dev What an answer or a commit of one operator is held to.
    struct Terms {
        Parameters parameters;
        uint128 fee;
        uint128 reservation;
        /// Stake reserved against the operator's other claims and commits.
        uint256 reserved;
    }

    /* CONSTANTS */

    uint256 internal constant MAX_OUTPUT_BYTES = 24 * 1024;

    /* ANSWERING */

    /// @inheritdoc IJobMarket
    function answer(Job calldata job, address operator, bytes calldata output, bytes32 evidenceHash) external {
        (JobId id, , Terms memory terms) = _admit(job, operator);

        _answer(id, job, operator, output, evidenceHash, terms);
    }

    /// @inheritdoc IJobMarket
    function commit(Job calldata job, address operator, bytes32 commitment) external {
        (JobId id, JobSlot slot, Terms memory terms) = _admit(job, operator);

        uint128 bond = terms.parameters.commitBond(job);
        uint64 seatUntil = _timestamp() + terms.parameters.seatSeconds;
        if (seatUntil > job.deadline) seatUntil = job.deadline;
        _slots[id] = slot.committed(seatUntil, _seal(operator, commitment));
        _exposures[job.model][operator].reserved = (terms.reserved + bond).toUint128();
        emit JobCommitted(id, operator, commitment, seatUntil, bond);
    }

    /// @inheritdoc IJobMarket
    function reveal(
        Job calldata job,
        address operator,
        bytes calldata output,
        bytes32 evidenceHash,
        bytes32 salt
    ) external {
        JobId id = jobId(job);
        _requireActor(operator);
        JobSlot slot = _seatOf(id, operator, commitmentOf(id, operator, keccak256(output), evidenceHash, salt));
        uint64 seatUntil = slot.seatUntil();
        require(block.timestamp < seatUntil, SeatLost(id, seatUntil, _timestamp()));

        Parameters memory parameters = _parameters[job.parametersId];
        // The fee rose until the seat was taken, so holding it longer earns nothing.
        uint128 fee = job.feeAt(slot.requestedAt(), seatUntil - parameters.seatSeconds);
        uint256 reserved = _exposures[job.model][operator].reserved - parameters.commitBond(job);
        Terms memory terms = Terms(parameters, fee, parameters.reservation(fee), reserved);
        (uint256 active, ) = STAKING.weightsOf(job.model, operator);
        _requireStake(operator, active, terms);

        _answer(id, job, operator, output, evidenceHash, terms);
    }

    /// @inheritdoc IJobMarket
    function forfeit(Job calldata job, address operator, bytes32 commitment) external {
        JobId id = jobId(job);
        JobSlot slot = _seatOf(id, operator, commitment);
        uint64 seatUntil = slot.seatUntil();
        require(block.timestamp >= seatUntil, SeatNotExpired(id, seatUntil, _timestamp()));

        uint128 bond = _parameters[job.parametersId].commitBond(job);
        _slots[id] = slot.reopened();
        _exposures[job.model][operator].reserved -= bond;

        uint256 slashed = STAKING.slash(job.model, operator, bond, msg.sender, JobId.unwrap(id));
        emit SeatForfeited(id, operator, bond, slashed);
    }

    /* VIEWS */

    /// @inheritdoc IJobMarket
    function feeAt(Job calldata job, uint64 timestamp) external view returns (uint128) {
        (, JobSlot slot) = _unansweredSlot(job);
        return job.feeAt(slot.requestedAt(), timestamp);
    }

    /// @inheritdoc IJobMarket
    function slotOf(Job calldata job, address operator) external view returns (uint64) {
        (JobId id, JobSlot slot) = _unansweredSlot(job);
        (uint256 active, uint256 total) = STAKING.weightsOf(job.model, operator);
        uint256 reserved = _exposures[job.model][operator].reserved;
        return _opensAt(id, job, slot, operator, active > reserved ? active - reserved : 0, total);
    }

    /// @inheritdoc IJobMarket
    function commitmentOf(
        JobId id,
        address operator,
        bytes32 outputHash,
        bytes32 evidenceHash,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), id, operator, outputHash, evidenceHash, salt));
    }

    /* INTERNAL */

    /// @dev Whether `operator` may answer or commit now, and on what terms.
    function _admit(
        Job calldata job,
        address operator
    ) internal view returns (JobId id, JobSlot slot, Terms memory terms) {
        (id, slot) = _unansweredSlot(job);
        require(slot.stage() == JobStage.Open, SeatTaken(id, slot.seatUntil()));
        require(block.timestamp < job.deadline, DeadlinePassed(id, job.deadline, _timestamp()));
        _requireActor(operator);

        terms.parameters = _parameters[job.parametersId];
        terms.fee = job.feeAt(slot.requestedAt(), block.timestamp);
        terms.reservation = terms.parameters.reservation(terms.fee);
        terms.reserved = _exposures[job.model][operator].reserved;
        (uint256 active, uint256 total) = STAKING.weightsOf(job.model, operator);
        _requireStake(operator, active, terms);

        uint64 opensAt = _opensAt(id, job, slot, operator, active - terms.reserved, total);
        require(block.timestamp >= opensAt, SlotNotOpen(id, operator, opensAt, _timestamp()));
    }

    function _answer(
        JobId id,
        Job calldata job,
        address operator,
        bytes calldata output,
        bytes32 evidenceHash,
        Terms memory terms
    ) internal {
        require(output.length <= MAX_OUTPUT_BYTES, OutputTooLong(output.length, MAX_OUTPUT_BYTES));

        Settlement memory settlement = _settlementOf(job, operator, terms);
        settlement.claimHash = Claim(
            JobId.unwrap(id),
            job.model,
            operator,
            job.inputHash,
            keccak256(output),
            evidenceHash
        ).hash();
        _slots[id] = JobSlotLib.answered(settlement.challengeUntil, settlement.hash(id));
        _exposures[job.model][operator].reserved = (terms.reserved + terms.reservation).toUint128();
        emit JobAnswered(
            id,
            operator,
            evidenceHash,
            settlement.fee,
            settlement.protocolFee,
            settlement.reserved,
            settlement.challengeUntil,
            output
        );
    }

    /// @dev All of a settlement but the hash of its claim.
    function _settlementOf(
        Job calldata job,
        address operator,
        Terms memory terms
    ) internal view returns (Settlement memory settlement) {
        settlement.model = job.model;
        settlement.operator = operator;
        settlement.payer = job.payer;
        settlement.verifier = job.verifier;
        settlement.callback = job.callback;
        settlement.callbackGas = job.callbackGas;
        settlement.escrowed = job.feeMax;
        settlement.protocolFee = terms.parameters.protocolFee(terms.fee);
        settlement.fee = terms.fee - settlement.protocolFee;
        settlement.reserved = terms.reservation;
        settlement.challengeUntil = _timestamp() + job.challengeWindow;
    }

    function _opensAt(
        JobId id,
        Job calldata job,
        JobSlot slot,
        address operator,
        uint256 weight,
        uint256 totalWeight
    ) internal view returns (uint64) {
        uint256 seedBlock = slot.requestedBlock() + 1;
        require(block.number > seedBlock, SeedNotReady(id, seedBlock, block.number));
        bytes32 seed = BlockSeed.hashOf(seedBlock);
        require(seed != 0, SeedUnavailable(id, seedBlock));
        if (weight == 0) return type(uint64).max;

        uint256 wait = Sortition.wait(Sortition.draw(seed, operator), job.tau, weight, totalWeight);
        uint256 opensAt = slot.requestedAt() + wait;
        return opensAt < type(uint64).max ? uint64(opensAt) : type(uint64).max;
    }

    function _unansweredSlot(Job calldata job) internal view returns (JobId id, JobSlot slot) {
        id = jobId(job);
        slot = _slots[id];
        JobStage stage = slot.stage();
        require(stage == JobStage.Open || stage == JobStage.Committed, JobNotOpen(id, statusOf(id)));
    }

    /// @dev The slot of a committed job, checked to hold the seal of `operator`.
    function _seatOf(JobId id, address operator, bytes32 commitment) internal view returns (JobSlot slot) {
        slot = _slots[id];
        require(slot.stage() == JobStage.Committed, JobNotOpen(id, statusOf(id)));
        require(slot.isSealed(_seal(operator, commitment)), CommitmentMismatch(id, commitment));
    }

    function _requireActor(address operator) internal view {
        require(msg.sender == operator || STAKING.mayActFor(operator, msg.sender), NotOperator(msg.sender, operator));
    }

    function _requireStake(address operator, uint256 active, Terms memory terms) internal pure {
        require(
            active >= terms.reserved + terms.reservation,
            InsufficientStake(operator, active, terms.reserved, terms.reservation)
        );
    }

    function _seal(address operator, bytes32 commitment) internal pure returns (bytes32) {
        return keccak256(abi.encode(operator, commitment));
    }
}
