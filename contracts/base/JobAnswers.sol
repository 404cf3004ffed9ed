// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Account} from "../libraries/Account.sol";
import {BlockSeed} from "../libraries/BlockSeed.sol";
import {JobSlot, JobSlotLib, JobStage} from "../libraries/JobSlot.sol";
import {RisingFee} from "../libraries/RisingFee.sol";
import {Sortition} from "../libraries/Sortition.sol";
import {JobWords, SettlementWords, StructWords} from "../libraries/StructWords.sol";
import {Terms} from "../libraries/Terms.sol";
import {Claim} from "../types/Claim.sol";
import {Job, JobId} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobAnswers
/// @notice The operator's half of the market: whose turn it is, and what an answer is held to.
abstract contract JobAnswers is JobBook {
    using RisingFee for JobWords;
    using StructWords for Claim;
    using StructWords for Job;
    using StructWords for SettlementWords;

    /// @dev An answer that is admitted.
    struct Draft {
        JobId id;
        address operator;
        Terms terms;
        /// Fee before the protocol's part.
        uint256 fee;
        /// Stake to reserve.
        uint256 reservation;
        /// The operator's account before that.
        Account account;
        bytes32 evidenceHash;
    }

    /* CONSTANTS */

    uint256 internal constant MAX_OUTPUT_BYTES = 24 * 1024;

    /* ANSWERING */

    /// @inheritdoc IJobMarket
    function answer(Job calldata job, address operator, bytes calldata output, bytes32 evidenceHash) external {
        (JobId id, JobSlot slot) = _unanswered(job);
        (uint256 fee, uint256 reservation, Account account) = _admit(job.words(), id, slot, operator);

        Draft memory draft = Draft(id, operator, slot.terms(), fee, reservation, account, evidenceHash);
        _answer(job.words(), draft, output);
    }

    /// @inheritdoc IJobMarket
    function commit(Job calldata job, address operator, bytes32 commitment) external {
        (JobId id, JobSlot slot) = _unanswered(job);
        (, , Account account) = _admit(job.words(), id, slot, operator);

        uint256 bond = slot.terms().commitBond(job.words().feeMax);
        uint256 seatUntil = block.timestamp + slot.terms().seatSeconds();
        if (seatUntil > job.words().deadline) seatUntil = job.words().deadline;
        _slots[id] = slot.committed(seatUntil, _seal(operator, commitment));
        _accounts[job.model][operator] = account.reserve(bond);
        emit JobCommitted(id, operator, commitment, uint64(seatUntil), uint128(bond));
    }

    /// @inheritdoc IJobMarket
    function reveal(
        Job calldata job,
        address operator,
        bytes calldata output,
        bytes32 evidenceHash,
        bytes32 salt
    ) external {
        JobId id = _idOf(job);
        _requireActor(operator);
        JobSlot slot = _seatOf(id, operator, commitmentOf(id, operator, keccak256(output), evidenceHash, salt));
        Terms terms = _terms[job.parametersId];
        (uint256 fee, uint256 reservation, Account account) = _readmit(job.words(), id, slot, operator, terms);

        _answer(job.words(), Draft(id, operator, terms, fee, reservation, account, evidenceHash), output);
    }

    /// @inheritdoc IJobMarket
    function forfeit(Job calldata job, address operator, bytes32 commitment) external {
        JobId id = _idOf(job);
        JobSlot slot = _seatOf(id, operator, commitment);
        uint64 seatUntil = slot.seatUntil();
        require(block.timestamp >= seatUntil, SeatNotExpired(id, seatUntil, _timestamp()));

        Terms terms = _terms[job.parametersId];
        uint256 bond = terms.commitBond(job.feeMax);
        _slots[id] = slot.reopened(terms);
        _accounts[job.model][operator] = _accounts[job.model][operator].release(bond);

        uint256 slashed = STAKING.slash(job.model, operator, bond, msg.sender, JobId.unwrap(id));
        emit SeatForfeited(id, operator, uint128(bond), slashed);
    }

    /* VIEWS */

    /// @inheritdoc IJobMarket
    function feeAt(Job calldata job, uint64 timestamp) external view returns (uint128) {
        (, JobSlot slot) = _unanswered(job);
        return uint128(job.words().feeAt(slot.requestedAt(), timestamp));
    }

    /// @inheritdoc IJobMarket
    function slotOf(Job calldata job, address operator) external view returns (uint64) {
        (JobId id, JobSlot slot) = _unanswered(job);
        (uint256 active, uint256 total) = STAKING.weightsOf(job.model, operator);
        uint256 reserved = _accounts[job.model][operator].reserved();
        uint256 draw = Sortition.draw(_seedOf(id, slot), operator);
        return _opensAt(slot, draw, job.tau, active > reserved ? active - reserved : 0, total);
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

    /// @dev Whether `operator` may answer or commit now, and at what price.
    function _admit(
        JobWords calldata job,
        JobId id,
        JobSlot slot,
        address operator
    ) internal view returns (uint256 fee, uint256 reservation, Account account) {
        if (slot.stage() != JobStage.Open) revert SeatTaken(id, slot.seatUntil());
        if (block.timestamp >= job.deadline) revert DeadlinePassed(id, uint64(job.deadline), _timestamp());
        _requireActor(operator);

        fee = job.feeAt(slot.requestedAt(), block.timestamp);
        reservation = slot.terms().reservation(fee);
        account = _accounts[job.model][operator];
        (uint256 active, uint256 total) = STAKING.weightsOf(job.model, operator);
        _requireStake(operator, active, account.reserved(), reservation);

        uint256 draw = Sortition.draw(_seedOf(id, slot), operator);
        uint64 opensAt = _opensAt(slot, draw, job.tau, active - account.reserved(), total);
        if (block.timestamp < opensAt) revert SlotNotOpen(id, operator, opensAt, _timestamp());
    }

    /// @dev Whether `operator`, which holds the seat, may still answer, and at what price.
    function _readmit(
        JobWords calldata job,
        JobId id,
        JobSlot slot,
        address operator,
        Terms terms
    ) internal view returns (uint256 fee, uint256 reservation, Account account) {
        uint64 seatUntil = slot.seatUntil();
        if (block.timestamp >= seatUntil) revert SeatLost(id, seatUntil, _timestamp());

        // The fee rose until the seat was taken, so holding it longer earns nothing.
        fee = job.feeAt(slot.requestedAt(), seatUntil - terms.seatSeconds());
        reservation = terms.reservation(fee);
        account = _accounts[job.model][operator].release(terms.commitBond(job.feeMax));
        (uint256 active, ) = STAKING.weightsOf(job.model, operator);
        _requireStake(operator, active, account.reserved(), reservation);
    }

    function _answer(JobWords calldata job, Draft memory draft, bytes calldata output) internal {
        require(output.length <= MAX_OUTPUT_BYTES, OutputTooLong(output.length, MAX_OUTPUT_BYTES));

        JobId id = draft.id;
        uint256 protocolFee = draft.terms.protocolFee(draft.fee);
        SettlementWords memory settlement = SettlementWords({
            claimHash: _hashClaim(job, draft, keccak256(output)),
            model: job.model,
            operator: uint160(draft.operator),
            payer: job.payer,
            verifier: job.verifier,
            callback: job.callback,
            callbackGas: job.callbackGas,
            escrowed: job.feeMax,
            fee: draft.fee - protocolFee,
            protocolFee: protocolFee,
            reserved: draft.reservation,
            challengeUntil: block.timestamp + job.challengeWindow
        });
        _slots[id] = JobSlotLib.answered(settlement.challengeUntil, settlement.hashWords(id));
        _accounts[job.model][draft.operator] = draft.account.reserve(draft.reservation);
        emit JobAnswered(
            id,
            draft.operator,
            draft.evidenceHash,
            uint128(settlement.fee),
            uint128(protocolFee),
            uint128(settlement.reserved),
            uint64(settlement.challengeUntil),
            output
        );
    }

    function _hashClaim(JobWords calldata job, Draft memory draft, bytes32 outputHash) internal pure returns (bytes32) {
        Claim memory claim_ = Claim({
            requestId: JobId.unwrap(draft.id),
            model: job.model,
            operator: draft.operator,
            inputHash: job.inputHash,
            outputHash: outputHash,
            evidenceHash: draft.evidenceHash
        });
        return claim_.hashWords();
    }

    function _seedOf(JobId id, JobSlot slot) internal view returns (bytes32 seed) {
        uint256 seedBlock = slot.requestedBlock() + 1;
        if (block.number <= seedBlock) revert SeedNotReady(id, seedBlock, block.number);
        seed = BlockSeed.hashOf(seedBlock);
        if (seed == 0) revert SeedUnavailable(id, seedBlock);
    }

    function _opensAt(
        JobSlot slot,
        uint256 draw,
        uint256 tau,
        uint256 weight,
        uint256 totalWeight
    ) internal pure returns (uint64) {
        if (weight == 0) return type(uint64).max;
        uint256 opensAt = slot.requestedAt() + Sortition.wait(draw, tau, weight, totalWeight);
        return opensAt < type(uint64).max ? uint64(opensAt) : type(uint64).max;
    }

    function _unanswered(Job calldata job) internal view returns (JobId id, JobSlot slot) {
        id = _idOf(job);
        slot = _slots[id];
        if (!slot.isUnanswered()) revert JobNotOpen(id, statusOf(id));
    }

    /// @dev The slot of a committed job, checked to hold the seal of `operator`.
    function _seatOf(JobId id, address operator, bytes32 commitment) internal view returns (JobSlot slot) {
        slot = _slots[id];
        if (slot.stage() != JobStage.Committed) revert JobNotOpen(id, statusOf(id));
        require(slot.isSealed(_seal(operator, commitment)), CommitmentMismatch(id, commitment));
    }

    function _requireActor(address operator) internal view {
        if (msg.sender == operator || STAKING.mayActFor(operator, msg.sender)) return;
        revert NotOperator(msg.sender, operator);
    }

    function _requireStake(address operator, uint256 active, uint256 reserved, uint256 reservation) internal pure {
        if (active < reserved + reservation) revert InsufficientStake(operator, active, reserved, reservation);
    }

    function _seal(address operator, bytes32 commitment) internal pure returns (bytes32) {
        return keccak256(abi.encode(operator, commitment));
    }
}
