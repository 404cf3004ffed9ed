// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../../interfaces/IJobMarket.sol";
import {Claim, ModelVersionId} from "../../types/Claim.sol";
import {Job, JobId, JobStatus} from "../../types/Job.sol";
import {InferenceConsumer} from "../InferenceConsumer.sol";

/// @notice What one visitor drew and what came of it.
struct Attempt {
    // slot 0
    address visitor;
    /// A result was received. It may still be refuted.
    bool isRead;
    /// Class with the highest score; meaningless before `isRead`.
    uint8 digit;
}

/// @title DigitGate
/// @notice Opens for whoever draws the digit it was built for, as a digit classifier on the market sees it.
/// @dev An example of a dApp. It keeps what it is told at once and acts on it only when it is final, so neither a wrong
/// answer nor an early delivery can open it.
contract DigitGate is InferenceConsumer {
    /* IMMUTABLES */

    /// @notice Classifier that decides.
    ModelVersionId public immutable MODEL;
    /// @notice Verifier that may refute its answers.
    address public immutable VERIFIER;
    /// @notice Digit that opens the gate.
    uint8 public immutable DIGIT;

    uint128 internal constant FEE_MIN = 1e6;
    uint128 internal constant FEE_MAX = 2e6;
    uint32 internal constant RAMP = 20;
    uint32 internal constant TAU = 2;
    uint64 internal constant ANSWER_WINDOW = 20;
    uint32 internal constant CALLBACK_GAS = 100_000;
    uint256 internal constant CLASSES = 10;

    /* STORAGE */

    /// @notice Attempts, by the job that reads the drawing.
    mapping(JobId id => Attempt) public attemptOf;
    /// @notice True once `visitor` was let in.
    mapping(address visitor => bool) public isAdmitted;

    /* EVENTS AND ERRORS */

    event Drawn(JobId indexed id, address indexed visitor);
    event DrawingRead(JobId indexed id, uint8 digit, JobStatus status);
    event Admitted(JobId indexed id, address indexed visitor);

    error UnknownAttempt(JobId id);
    error NotRead(JobId id);
    error WrongDigit(uint8 digit, uint8 needed);
    error OutputMalformed(uint256 length, uint256 expected);

    /* CONSTRUCTOR */

    constructor(IJobMarket market, ModelVersionId model, address verifier, uint8 digit) InferenceConsumer(market) {
        MODEL = model;
        VERIFIER = verifier;
        DIGIT = digit;
    }

    /* VISITING */

    /// @notice Has `drawing`, which hashes to `inputHash`, read at this contract's expense.
    function draw(bytes32 inputHash, bytes calldata drawing, bytes32 salt) external returns (JobId id) {
        Job memory job = Job({
            payer: address(this),
            model: MODEL,
            inputHash: inputHash,
            verifier: VERIFIER,
            feeMin: FEE_MIN,
            feeMax: FEE_MAX,
            ramp: RAMP,
            tau: TAU,
            deadline: uint64(block.timestamp) + ANSWER_WINDOW,
            challengeWindow: MARKET.MIN_CHALLENGE_WINDOW(),
            parametersId: MARKET.currentParametersId(),
            callbackGas: CALLBACK_GAS,
            callback: address(this),
            // One visitor cannot take over another's job by asking for the same.
            salt: keccak256(abi.encode(msg.sender, salt))
        });
        id = _request(job, drawing);
        attemptOf[id].visitor = msg.sender;
        emit Drawn(id, msg.sender);
    }

    /// @notice Lets the visitor of `id` in if its drawing was read as the gate's digit, for good. Anybody may call.
    function enter(JobId id) external {
        Attempt memory attempt = attemptOf[id];
        require(attempt.visitor != address(0), UnknownAttempt(id));
        require(attempt.isRead, NotRead(id));
        _requireFinal(id);
        require(attempt.digit == DIGIT, WrongDigit(attempt.digit, DIGIT));

        isAdmitted[attempt.visitor] = true;
        emit Admitted(id, attempt.visitor);
    }

    /* INTERNAL */

    function _received(JobId id, Claim calldata, bytes calldata output, JobStatus status) internal override {
        Attempt storage attempt = attemptOf[id];
        require(attempt.visitor != address(0), UnknownAttempt(id));
        require(output.length == CLASSES, OutputMalformed(output.length, CLASSES));

        uint8 digit = _argMax(output);
        (attempt.isRead, attempt.digit) = (true, digit);
        emit DrawingRead(id, digit, status);
    }

    /// @dev The first of the highest scores.
    function _argMax(bytes calldata scores) internal pure returns (uint8 best) {
        for (uint256 i = 1; i < scores.length; ++i) {
            if (uint8(scores[i]) > uint8(scores[best])) best = uint8(i);
        }
    }
}
